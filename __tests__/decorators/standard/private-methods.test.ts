// What only the standard's decorators can do: private methods.
import { Counted, Timed } from 'telltale/decorators';
import { recordAnew } from '../recorded.js';

class Vault {
  readonly #code = 7;

  @Counted('opened_total')
  @Timed('open_seconds')
  #open(code: number): boolean {
    return code === this.#code;
  }

  @Counted('created_total')
  static #create(): Vault {
    return new Vault();
  }

  static try(code: number): boolean {
    return Vault.#create().#open(code);
  }
}

it('decorators go on private methods', async () => {
  const { lines } = recordAnew();
  expect([Vault.try(7), Vault.try(8)]).toEqual([true, false]);
  expect((await lines()).toSorted()).toEqual([
    'created_total{outcome="ok"} 2',
    'open_seconds_count 2',
    'open_seconds_sum 0',
    'opened_total{outcome="ok"} 2',
  ]);
});
