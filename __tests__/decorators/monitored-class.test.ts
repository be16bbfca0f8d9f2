// A class that is monitored as a whole.
import { err, type Result } from 'neverthrow';
import { Monitored, Unmonitored } from 'telltale/decorators';
import { type Recorded, recordAnew } from './recorded.js';

let recorded: Recorded;
beforeEach(() => {
  recorded = recordAnew();
});

class Base {
  inherited(): string {
    return 'inherited';
  }
}

@Monitored({ labels: { service: 'user' } })
class UserHTTPService extends Base {
  readonly arrow = (): string => 'arrow';

  find(id: string): string {
    return `user ${id}`;
  }

  refuse(): Result<number, { kind: string }> {
    return err({ kind: 'refused' });
  }

  @Unmonitored
  ping(): string {
    return 'pong';
  }

  _private(): string {
    return 'private';
  }

  get size(): number {
    return 1;
  }

  static create(): UserHTTPService {
    return new UserHTTPService();
  }
}

@Monitored({
  timing: { name: 'other_seconds', buckets: [1] },
  counter: 'other_total',
  errorCounter: 'other_errors_total',
})
class Other {
  call(): void {}
}

describe('Monitored', () => {
  it('records every public method that the class declares, told apart by a label', async () => {
    const service = UserHTTPService.create();
    expect([
      service.find('a'),
      service.ping(),
      service._private(),
      service.inherited(),
      service.arrow(),
      service.size,
    ]).toEqual(['user a', 'pong', 'private', 'inherited', 'arrow', 1]);
    service.refuse();
    expect(await recorded.lines()).toEqual([
      'user_http_service_seconds_sum{service="user",method="find"} 0',
      'user_http_service_seconds_count{service="user",method="find"} 1',
      'user_http_service_seconds_sum{service="user",method="refuse"} 0',
      'user_http_service_seconds_count{service="user",method="refuse"} 1',
      'user_http_service_calls_total{service="user",method="find",outcome="ok"} 1',
      'user_http_service_calls_total{service="user",method="refuse",outcome="err"} 1',
      'user_http_service_errors_total{service="user",method="refuse",error_type="refused"} 1',
    ]);
  });

  it('takes names of its own', async () => {
    new Other().call();
    expect(await recorded.lines()).toEqual([
      'other_seconds_sum{method="call"} 0',
      'other_seconds_count{method="call"} 1',
      'other_total{method="call",outcome="ok"} 1',
    ]);
  });

  it('says what its metrics are, where it names them itself', async () => {
    UserHTTPService.create().refuse();
    new Other().call();
    const text = await recorded.metrics.expose();
    expect(text.split('\n').filter((line) => /^# HELP (user|other)/.test(line))).toEqual([
      '# HELP user_http_service_seconds Time that calls of UserHTTPService took.',
      '# HELP user_http_service_calls_total Calls of UserHTTPService.',
      '# HELP user_http_service_errors_total Calls of UserHTTPService that failed.',
    ]);
  });

  it('refuses what is no class', () => {
    expect(() => Monitored()({} as never)).toThrow('on what is no class');
  });
});
