// The table of real servers and validators that tests talk to. It stands alone because it is what changes: a new
// component is one row here, and the next run fetches only that row.
//
// A row: `name` as tests ask for it · `from` [suite, ...packages], tried in order · `path` of what to run, inside the unpacked
// packages · `proof` arguments that make it name its own version (default `--version`) · `proofText` what it says instead, if it
// was built without a version · `dependencies` also fetch the shared libraries this machine lacks (only sensible with the
// machine's own suite) · `reads` a folder that the program expects on the machine: our copy looks for it among its unpacked files, if
// they are its working folder · `system` a command of this machine that will do instead · `via` the component that interprets it,
// which finds `path` on its module path.

/** Stands for the suite that this machine itself is made of. */
export const OWN_SUITE = 'own';

// The package's `__init__` imports half a standard library and a third package; the parser needs neither, so it is
// loaded past `__init__`. The listing names the version.
const LOAD_PARSER = `
import os, sys, types
package = types.ModuleType('prometheus_client')
package.__path__ = [os.path.join(os.environ['PYTHONPATH'], 'prometheus_client')]
sys.modules['prometheus_client'] = package
from prometheus_client.openmetrics.parser import text_string_to_metric_families
list(text_string_to_metric_families('# EOF\\n'))
print(os.listdir(os.environ['PYTHONPATH']))
`;

export const COMPONENTS = [
  {
    name: 'pushgateway',
    from: [
      ['bookworm', 'prometheus-pushgateway'],
      [OWN_SUITE, 'prometheus-pushgateway'],
    ],
    path: 'usr/bin/prometheus-pushgateway',
  },
  {
    name: 'prometheus',
    from: [
      ['trixie', 'prometheus'],
      [OWN_SUITE, 'prometheus'],
    ],
    path: 'usr/bin/prometheus',
  },
  {
    name: 'promtool',
    // A package of its own since trixie, a part of prometheus before.
    from: [
      ['trixie', 'promtool'],
      [OWN_SUITE, 'prometheus'],
    ],
    path: 'usr/bin/promtool',
  },
  {
    name: 'victoria-metrics',
    from: [
      ['trixie', 'victoria-metrics'],
      [OWN_SUITE, 'victoria-metrics'],
    ],
    path: 'usr/bin/victoria-metrics',
    proof: ['--help'],
    proofText: 'victoria-metrics is a time series database',
  },
  {
    name: 'alertmanager',
    from: [
      ['trixie', 'prometheus-alertmanager'],
      [OWN_SUITE, 'prometheus-alertmanager'],
    ],
    path: 'usr/bin/prometheus-alertmanager',
    // Debian's build reads its templates from there, and ends at once where the package is not installed.
    reads: '/usr/share/prometheus/alertmanager',
  },
  {
    name: 'python',
    system: ['python3', '/usr/bin/python3'],
    from: [[OWN_SUITE, 'python3-minimal']],
    dependencies: true,
    path: 'usr/bin/python3',
  },
  {
    name: 'openmetrics-parser',
    from: [
      ['trixie', 'python3-prometheus-client'],
      [OWN_SUITE, 'python3-prometheus-client'],
    ],
    path: 'usr/lib/python3/dist-packages',
    via: 'python',
    proof: ['-c', LOAD_PARSER],
  },
  {
    // The browser without a window; last because it is the largest, and the only one that not every archive has.
    name: 'chromium',
    from: [[OWN_SUITE, 'chromium-headless-shell']],
    dependencies: true,
    path: 'usr/lib/chromium/chromium-headless-shell',
  },
];
