// Fetches packages with the machine's apt without touching the machine: its own lists, status and cache directories, the
// machine's mirror, proxies and keys. No root. Separate because it alone knows how apt is talked to.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { OWN_SUITE } from './components.mjs';
import { run } from './run.mjs';

/** Tells that a mirror could not be reached or that there is no apt: nothing is broken, it just cannot be had here. */
export class Unavailable extends Error {}

const UNREACHABLE =
  /Could not (resolve|connect)|Unable to connect|Temporary failure|Connection (refused|timed out|failed)|Network is unreachable|No route to host/i;
const UNKNOWN_PACKAGE = /Unable to locate package|has no installation candidate/i;
const UNTRUSTED = /NO_PUBKEY|is not signed|couldn't be verified|cannot be authenticated|BADSIG|Hash Sum mismatch/i;
const FAILED_UPDATE = /^[WE]: (Failed to fetch|Some index files)/m;
const ROLLING_SUITES = ['stable', 'testing', 'unstable', 'sid'];
const DISTRIBUTIONS = {
  debian: { components: 'main', keyring: '/usr/share/keyrings/debian-archive-keyring' },
  ubuntu: { components: 'main universe', keyring: '/usr/share/keyrings/ubuntu-archive-keyring' },
};

/** One machine's apt, as seen from a working folder that may be thrown away afterwards. */
export class Apt {
  #workDirectory;
  #suites = new Map();
  #machine;

  constructor(workDirectory) {
    this.#workDirectory = workDirectory;
  }

  /** Finds this machine's apt and mirrors; rejects with `Unavailable` where there are none. */
  open() {
    this.#machine ??= readMachine(this.#prepare('machine', ''));
    return this.#machine;
  }

  /** Downloads the packages (and what they need that this machine lacks) into `directory`; answers the `.deb` files, the first package's first. */
  async download(suite, packages, { directory, dependencies }) {
    const config = await this.#openSuite(suite);
    mkdirSync(directory, { recursive: true });
    const wanted = dependencies ? await this.#withDependencies(config, packages) : packages;
    const args = ['-c', config, 'download', ...wanted];
    const result = await run('apt-get', args, { cwd: directory, timeoutMs: 600_000 });
    if (result.exitCode !== 0) throw failure(`apt-get download ${wanted.join(' ')} from ${suite}`, result);
    const files = readdirSync(directory).filter((file) => file.endsWith('.deb'));
    const isFirst = (file) => file.startsWith(`${packages[0]}_`);
    return files.sort((a, b) => Number(isFirst(b)) - Number(isFirst(a))).map((file) => join(directory, file));
  }

  async #withDependencies(config, packages) {
    const args = ['-c', config, 'install', '--print-uris', '--yes', '--no-install-recommends', ...packages];
    const result = await run('apt-get', args);
    if (result.exitCode !== 0) throw failure(`apt-get install --print-uris ${packages.join(' ')}`, result);
    const missing = [...result.stdout.matchAll(/^'[^']+' ([^_ ]+)_\S+\.deb /gm)].map((match) => match[1]);
    return [...new Set([...packages, ...missing])];
  }

  // A suite that failed once fails the same way for every component that asks for it.
  async #openSuite(wanted) {
    const { distribution, ownSuite, mirrors } = await this.open();
    if (wanted !== OWN_SUITE && distribution !== 'debian') {
      throw new Error(`The suite ${wanted} is Debian's, and this machine's mirror serves ${distribution}.`);
    }
    const suite = wanted === OWN_SUITE ? ownSuite : wanted;
    if (!this.#suites.has(suite)) this.#suites.set(suite, this.#updateSuite(suite, { distribution, mirrors }));
    return this.#suites.get(suite);
  }

  async #updateSuite(suite, { distribution, mirrors }) {
    let lastError;
    for (const [index, mirror] of mirrors.entries()) {
      const config = this.#prepare(`${suite}-${index}`, sourceLine(distribution, { mirror, suite }));
      const result = await run('apt-get', ['-c', config, 'update'], { timeoutMs: 300_000 });
      if (result.exitCode === 0 && !FAILED_UPDATE.test(result.output) && !UNTRUSTED.test(result.output)) return config;
      lastError = failure(`apt-get update of the suite ${suite}`, result);
    }
    throw lastError;
  }

  #prepare(name, sourceList) {
    const root = join(this.#workDirectory, name);
    for (const folder of ['lists/partial', 'cache/archives/partial', 'log']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    // A copy, so that what this machine has installed counts as there, and is never written to.
    if (existsSync('/var/lib/dpkg/status')) copyFileSync('/var/lib/dpkg/status', join(root, 'status'));
    else writeFileSync(join(root, 'status'), '');
    writeFileSync(join(root, 'sources.list'), sourceList);
    writeFileSync(join(root, 'apt.conf'), aptConfiguration(root, { keepSources: sourceList === '' }));
    return join(root, 'apt.conf');
  }
}

function aptConfiguration(root, { keepSources }) {
  const ownSources = `Dir::Etc { sourcelist "${root}/sources.list"; sourceparts "/dev/null"; preferences "/dev/null"; preferencesparts "/dev/null"; };`;
  return [
    // The machine's hooks clean its own caches and tell its desktop: neither is ours to touch.
    ...['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'].map((hook) => `#clear APT::Update::${hook};`),
    `Dir::State "${root}"; Dir::State::lists "${root}/lists"; Dir::State::status "${root}/status";`,
    `Dir::Cache "${root}/cache"; Dir::Log "${root}/log";`,
    keepSources ? '' : ownSources,
    'Debug::NoLocking "true"; APT::Sandbox::User "root"; APT::Update::Error-Mode "any";',
    'APT::Get::AllowUnauthenticated "false"; Acquire::AllowInsecureRepositories "false";',
    'Acquire::Languages "none"; Acquire::Retries "1"; Acquire::http::Timeout "30"; Acquire::https::Timeout "30";',
    '',
  ].join('\n');
}

function sourceLine(distribution, { mirror, suite }) {
  const { components, keyring } = DISTRIBUTIONS[distribution];
  const key = [`${keyring}.gpg`, `${keyring}.pgp`].find((file) => existsSync(file));
  const signedBy = key === undefined ? '' : ` signed-by=${key}`;
  return `deb [target=Packages${signedBy}] ${mirror} ${suite} ${components}\n`;
}

/** Which distribution this is and where its own sources point, in the order in which they deserve a try. */
async function readMachine(config) {
  const result = await run('apt-get', ['-c', config, 'update', '--print-uris']);
  if (result.exitCode === 127) throw new Unavailable('This machine has no apt-get.');
  if (result.exitCode !== 0) throw failure('apt-get update --print-uris', result);
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? '';
  const distribution = /ubuntu/.test(`${field('ID')} ${field('ID_LIKE')}`) ? 'ubuntu' : 'debian';
  const suites = [field('VERSION_CODENAME'), ...ROLLING_SUITES];
  const found = [...result.stdout.matchAll(/^'([^']+)\/dists\/([^/']+)\/InRelease'/gm)]
    .map(([, mirror, suite]) => ({ mirror, suite }))
    .filter(({ mirror, suite }) => suites.includes(suite) && !mirror.startsWith('cdrom:'));
  // Other vendors name their suites after Debian's; the archive itself ends in the distribution's name almost always.
  const rank = ({ mirror, suite }) => suites.indexOf(suite) * 2 + (basename(mirror) === distribution ? 0 : 1);
  found.sort((a, b) => rank(a) - rank(b));
  if (found.length === 0) throw new Unavailable(`The sources of this machine name no ${distribution} archive.`);
  return { distribution, ownSuite: found[0].suite, mirrors: [...new Set(found.map(({ mirror }) => mirror))] };
}

function failure(what, { exitCode, timedOut, output }) {
  if (timedOut) return new Unavailable(`${what} did not end in time.`);
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const untrusted = lines.find((line) => UNTRUSTED.test(line));
  if (untrusted !== undefined) return new Error(`${what} is not trusted: ${untrusted}`);
  const unreachable = lines.find((line) => UNREACHABLE.test(line));
  if (unreachable !== undefined) return new Unavailable(`${what}: ${unreachable}`);
  const unknown = lines.find((line) => UNKNOWN_PACKAGE.test(line));
  if (unknown !== undefined) return new Unavailable(`${what}: ${unknown}`);
  const complaints = lines.filter((line) => /^[WE]: /.test(line));
  return new Error(
    `${what} ended with ${exitCode}: ${(complaints.length > 0 ? complaints : lines).slice(0, 3).join(' ')}`,
  );
}
