// Figures of the process come in base units: seconds and bytes.
import { watchProcess } from '../../../examples/shop/process-figures.js';

describe('watchProcess', () => {
  it('answers seconds and bytes', () => {
    const figures = watchProcess();
    const cpuMicroseconds = () => process.cpuUsage().user + process.cpuUsage().system;
    for (const [read, inUnit] of [
      [figures.cpuSeconds, () => cpuMicroseconds() / 1e6],
      [figures.uptimeSeconds, () => process.uptime()],
    ] as const) {
      const before = inUnit();
      const value = read();
      expect(value).toBeGreaterThanOrEqual(before);
      expect(value).toBeLessThanOrEqual(inUnit());
    }
    expect(figures.residentBytes()).toBeGreaterThan(figures.heapUsedBytes());
    expect(figures.heapUsedBytes()).toBeGreaterThan(1e6);
  });

  it('knows no delay before the event loop has turned, and never a negative one', () => {
    const { p50, p99, max } = watchProcess().eventLoopDelay();
    for (const seconds of [p50, p99, max]) expect(seconds).toBeGreaterThanOrEqual(0);
  });
});
