// The process of the load generator. It is a process of its own, so that the load does not take part in what is measured:
// neither its CPU time nor its event loop are the shop's.
import { LoadGenerator, type LoadOptions } from './generator.js';

// Ctrl-C reaches every process of the terminal. Ending is the shop's decision, which first lets requests finish.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
// A shop that is gone, in whatever way, needs no customers.
process.on('disconnect', () => process.exit(0));

process.once('message', (options: LoadOptions) => {
  const load = new LoadGenerator(options);
  process.send?.('started');
  process.on('message', () => load.stop());
  void load.ended.then((report) => process.send?.(report, () => process.disconnect()));
});
