// What went over the network. Linux only, from /proc/self/net/dev, which speaks of the whole network namespace: of this process
// alone where it has a container to itself, of everything on the machine where it has not.
import type { MetricsCollector } from '../../collector.js';
import type { Part } from './part.js';
import { ProcFile } from './proc-file.js';
import { networkBytes } from './proc-texts.js';

export function networkIo(collector: MetricsCollector, procDirectory: string): Part | undefined {
  const opened = ProcFile.open(`${procDirectory}/net/dev`);
  if (opened === undefined) return undefined;
  const { file, text } = opened;
  if (networkBytes(text) === undefined) {
    file.close();
    return undefined;
  }
  const received = collector.counter('process_network_receive_bytes_total', {
    description: 'Bytes received by all interfaces but loopback of the network namespace that the process is in.',
    labelNames: [],
  });
  const transmitted = collector.counter('process_network_transmit_bytes_total', {
    description: 'Bytes sent by all interfaces but loopback of the network namespace that the process is in.',
    labelNames: [],
  });
  return {
    instruments: [received, transmitted],
    async read() {
      const now = networkBytes(await file.read());
      if (now === undefined) throw new Error('the text of /proc/self/net/dev has another form than before');
      received.assign(now.received);
      transmitted.assign(now.transmitted);
    },
    stop: () => file.close(),
  };
}
