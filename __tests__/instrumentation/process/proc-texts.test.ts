// The texts of the system, as they are on real machines and as they might be on others.
import { ioBytes, maxOpenFiles, networkBytes, statusBytes } from '../../../lib/instrumentation/process/proc-texts.js';

const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 4957955570  202399    0    0    0     0          0         0 4957955570  202399    0    0    0     0       0          0
  eth0: 395954407    9916    0    0    0     0          0         0   915442    7083    0    0    0     0       0          0
eth0.1:1000          9916    0    0    0     0          0         0     2000    7083    0    0    0     0       0          0
`;

describe('networkBytes', () => {
  it('sums all interfaces but loopback, also those whose number touches the colon', () => {
    expect(networkBytes(DEV)).toEqual({ received: 395_955_407, transmitted: 917_442 });
  });

  it('is zero where there is only loopback, and nothing where there is no interface or another form', () => {
    expect(networkBytes('lo: 5 0 0 0 0 0 0 0 5 0 0 0 0 0 0 0')).toEqual({ received: 0, transmitted: 0 });
    expect(networkBytes('')).toBeUndefined();
    expect(networkBytes('eth0: many')).toBeUndefined();
    expect(networkBytes('eth0: 1 2 3')).toBeUndefined();
  });
});

describe('statusBytes', () => {
  it('reads whole fields only', () => {
    const text = 'VmPeak:\t    3060 kB\nVmRSS:\t    1708 kB\nRssAnon:\t     112 kB\n';
    expect(statusBytes(text, 'VmRSS')).toBe(1708 * 1024);
    expect(statusBytes(text, 'Vm')).toBeUndefined();
    expect(statusBytes('VmRSS:\t1708 MB', 'VmRSS')).toBeUndefined();
  });
});

describe('ioBytes', () => {
  it('does not take what was given back for what was written', () => {
    const text = 'rchar: 1\nread_bytes: 4096\ncancelled_write_bytes: 7\n';
    expect(ioBytes(text, 'read_bytes')).toBe(4096);
    expect(ioBytes(text, 'write_bytes')).toBeUndefined();
  });
});

describe('maxOpenFiles', () => {
  it('takes the soft limit, and knows the absence of one', () => {
    const line = (soft: string) =>
      `Max processes 1 2 processes\nMax open files            ${soft}       524288     files\n`;
    expect(maxOpenFiles(line('1024'))).toBe(1024);
    expect(maxOpenFiles(line('unlimited'))).toBe(Number.POSITIVE_INFINITY);
    expect(maxOpenFiles('Max processes 1')).toBeUndefined();
  });
});
