// The configuration files with which servers of the Prometheus family ask for TLS and passwords.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificates } from './https.js';

export interface WebConfig {
  /** For `--web.config.file=…`. */
  readonly file: string;
  remove(): Promise<void>;
}

/** The user that {@link writeWebConfig} lets in. */
export const WEB_USER = { username: 'admin', password: 'test' } as const;
/** Of the password `test`, with bcrypt: the one that Prometheus' own guide shows. */
const HASH = '$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay';

/** @param mutual - Whether clients have to show a certificate of the same authority. */
export async function writeWebConfig(
  { certFile, keyFile, caFile }: Certificates,
  { mutual = false }: { readonly mutual?: boolean } = {},
): Promise<WebConfig> {
  const directory = await mkdtemp(join(tmpdir(), 'telltale-web-config-'));
  const file = join(directory, 'web.yml');
  const client = mutual ? { client_auth_type: 'RequireAndVerifyClientCert', client_ca_file: caFile } : {};
  // JSON is YAML, so that nothing has to be quoted here.
  const configuration = {
    tls_server_config: { cert_file: certFile, key_file: keyFile, ...client },
    basic_auth_users: { [WEB_USER.username]: HASH },
  };
  await writeFile(file, JSON.stringify(configuration));
  return { file, remove: () => rm(directory, { recursive: true, force: true }) };
}
