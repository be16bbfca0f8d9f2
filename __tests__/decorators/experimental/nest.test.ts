// A small NestJS application, driven over HTTP: routes, injection, guards and interceptors find on a decorated method everything
// that they find on a bare one.
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import {
  Body,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpCode,
  HttpException,
  type INestApplication,
  Inject,
  Injectable,
  Module,
  type NestInterceptor,
  Param,
  Post,
  SetMetadata,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { map, type Observable } from 'rxjs';
import { Monitored, PerformanceMonitored, TrackInFlight } from 'telltale/decorators';
import { type Recorded, recordAnew } from '../recorded.js';

@Injectable()
@Monitored({ counter: 'store_total', timing: 'store_seconds', errorCounter: 'store_errors_total' })
class Store {
  async find(id: string): Promise<string> {
    if (id === 'none') throw new HttpException('none', 404);
    return `user ${id}`;
  }
}

@Injectable()
class RoleGuard implements CanActivate {
  readonly #reflector: Reflector;

  constructor(@Inject(Reflector) reflector: Reflector) {
    this.#reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    const role = this.#reflector.get<string>('role', context.getHandler());
    const request = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    return role === undefined || request.headers.role === role;
  }
}

@Injectable()
class Wrapping implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((value) => ({ handler: context.getHandler().name, value })));
  }
}

const monitored = { timing: 'call_seconds', counter: 'calls_total', errorCounter: 'errors_total' };

@Controller('users')
@UseGuards(RoleGuard)
class Users {
  readonly #store: Store;

  constructor(@Inject(Store) store: Store) {
    this.#store = store;
  }

  @PerformanceMonitored({ ...monitored, labels: { route: 'above' } })
  @TrackInFlight('calls_in_flight')
  @Get('above/:id')
  @SetMetadata('role', 'admin')
  @UseInterceptors(Wrapping)
  above(@Param('id') id: string): Promise<string> {
    return this.#store.find(id);
  }

  @Post('below')
  @HttpCode(202)
  @SetMetadata('role', 'admin')
  @UseInterceptors(Wrapping)
  @PerformanceMonitored({ ...monitored, labels: { route: 'below' } })
  below(@Body() body: { id: string }): Promise<string> {
    return this.#store.find(body.id);
  }
}

@Module({ controllers: [Users], providers: [Store, RoleGuard, Wrapping] })
class Application {}

describe('a NestJS application', () => {
  let recorded: Recorded;
  let application: INestApplication;
  let url = '';

  beforeAll(async () => {
    recorded = recordAnew();
    application = await NestFactory.create(Application, { logger: false, abortOnError: false });
    await application.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(application.getHttpServer().address() as AddressInfo).port}/users`;
  });
  afterAll(() => application.close());

  const get = (path: string, role = 'admin') => fetch(`${url}/${path}`, { headers: { role } });

  it('routes, injects, guards and intercepts decorated methods', async () => {
    expect(await (await get('above/a')).json()).toEqual({ handler: 'above', value: 'user a' });
    expect((await get('above/a', 'guest')).status).toBe(403);
    expect((await get('above/none')).status).toBe(404);
    const posted = await fetch(`${url}/below`, {
      method: 'POST',
      headers: { role: 'admin', 'content-type': 'application/json' },
      body: '{"id":"b"}',
    });
    expect([posted.status, await posted.json()]).toEqual([202, { handler: 'below', value: 'user b' }]);
    expect((await recorded.lines()).filter((line) => line.includes('_total'))).toEqual([
      'calls_total{route="above",outcome="ok"} 1',
      'calls_total{route="above",outcome="thrown"} 1',
      'calls_total{route="below",outcome="ok"} 1',
      'errors_total{route="above",error_type="HttpException"} 1',
      'store_total{method="find",outcome="ok"} 2',
      'store_total{method="find",outcome="thrown"} 1',
      'store_errors_total{method="find",error_type="HttpException"} 1',
    ]);
  });
});
