// What storing tells about itself, as a reader of the exposition sees it.
import { FanOutStorage, MetricsCollector } from 'telltale';
import { ScriptedStorage, UNREACHABLE } from '../support/scripted-storage.js';

async function storageLines(metrics: MetricsCollector): Promise<string[]> {
  return (await metrics.expose()).split('\n').filter((line) => line.startsWith('telltale_storage_'));
}

describe('the metrics of a storage', () => {
  it('are not there before the first write', async () => {
    const metrics = new MetricsCollector({ storage: new ScriptedStorage() });
    expect(await storageLines(metrics)).toEqual([]);
  });

  it('tell of attempts, failures, bytes, queue, drops and the circuit, of each storage by its name', async () => {
    const [gateway, remote, second] = [
      new ScriptedStorage('gateway'),
      new ScriptedStorage('remote'),
      new ScriptedStorage('gateway'),
    ];
    gateway.fail();
    remote.statistics = () => [
      {
        storage: 'remote',
        writes: 7,
        failures: { push_timed_out: 2 },
        writeSeconds: 1.5,
        bytes: 100,
        queued: 3,
        dropped: 4,
      },
    ];
    const metrics = new MetricsCollector({ storage: new FanOutStorage([gateway, remote, second]) });
    expect((await metrics.collectAndStore())._unsafeUnwrapErr()).toEqual({
      kind: 'fan_out_failed',
      storages: 3,
      failures: [{ storage: 'gateway', error: UNREACHABLE }],
    });
    const lines = await storageLines(metrics);
    const without = (part: string) => lines.filter((line) => !line.includes(part));
    expect(
      without('seconds_total')
        .filter((line) => !line.includes('circuit'))
        .toSorted(),
    ).toEqual([
      'telltale_storage_dropped_samples_total{storage="remote"} 4',
      'telltale_storage_queued_snapshots{storage="remote"} 3',
      'telltale_storage_write_failures_total{storage="gateway",kind="push_unreachable"} 1',
      'telltale_storage_write_failures_total{storage="remote",kind="push_timed_out"} 2',
      'telltale_storage_writes_total{storage="gateway"} 1',
      'telltale_storage_writes_total{storage="gateway-2"} 1',
      'telltale_storage_writes_total{storage="remote"} 7',
      'telltale_storage_written_bytes_total{storage="remote"} 100',
    ]);
    expect(lines).toContain('telltale_storage_write_seconds_total{storage="remote"} 1.5');
    expect(lines.filter((line) => line.includes('circuit') && line.endsWith(' 1')).toSorted()).toEqual(
      ['gateway', 'gateway-2', 'remote'].map(
        (storage) => `telltale_storage_circuit_state{storage="${storage}",state="closed"} 1`,
      ),
    );
  });
});
