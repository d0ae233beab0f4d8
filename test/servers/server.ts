/** What every real mail server of this folder looks like to the tests: ports, a log, an end. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate, type ServerCertificate } from '../../local/demo/certificate.ts';
import { issue } from '../smtp/certificates.ts';

/** The same small world on every server: who it is, whom it knows, and whom it must not know. */
export const WORLD = {
  host: 'mx.example.com',
  domain: 'example.com',
  user: 'probe@example.com',
  password: 'open sesame',
  /** What the user shows instead of a password. */
  token: 'ya29.open-sesame',
  accepted: 'postmaster@example.com',
  greylisted: 'later@example.com',
  unknown: 'nobody@example.com',
  foreign: 'someone@example.net',
} as const;

/** The doors a server may open on loopback, each on its own port. */
export type Door =
  /** As port 25: STARTTLS offered, no AUTH. */
  | 'mail'
  /** As port 465: TLS from the first byte, and AUTH. */
  | 'tls'
  /** As port 587: STARTTLS, and AUTH after it. */
  | 'submission'
  /** As port 25, on ::1. */
  | 'sixth'
  /** As port 25, and relays for the whole world. */
  | 'openRelay'
  /** As port 25, with its disk full. */
  | 'full'
  /** As port 25, behind a pre-greet test. */
  | 'screened'
  /** Its processes die before they greet. */
  | 'crashing'
  /** As port 25, with a Diffie-Hellman group of 1024 bits. The certificate is of RSA, and self-signed. */
  | 'weakDh'
  /** As port 25, with a group of the TLS library. The same certificate. */
  | 'strongDh'
  /** As port 465, and requires a client certificate. */
  | 'clientCertificate'
  /** Waits for the PROXY protocol of a load balancer. */
  | 'proxied'
  /** As port 25, with a filter that nobody serves, or that fails at RCPT. */
  | 'milterAbsent'
  | 'milterDies'
  | 'milterTempfails'
  | 'milterHangs'
  /** As port 25, with rspamd as its filter, which greylists. */
  | 'rspamd'
  /** As port 25, and asks a server with a full disk whether a recipient exists. */
  | 'verifying';

export type Ports = Readonly<Partial<Record<Door, number>>>;

export interface Server {
  readonly ports: Ports;
  /** Every line the server has logged so far. */
  log(): readonly string[];
  stop(): Promise<void>;
}

export interface Options {
  /** Where the server keeps everything: configuration, queue, data, log. */
  readonly folder: string;
  readonly certificate: ServerCertificate;
}

export interface ServerKind {
  readonly name: 'Postfix' | 'Exim' | 'OpenSMTPD' | 'Dovecot' | 'Haraka';
  readonly doors: readonly Door[];
  /** Why it cannot run on this machine; null where it can. */
  missing(): string | null;
  start(options: Options): Promise<Server>;
}

/** Writes a self-signed certificate of RSA, which DHE of TLS 1.2 needs, as `rsa.pem` and `rsa-key.pem`. */
export async function writeRsaCertificate(folder: string): Promise<void> {
  const { pem, key } = await issue({ subject: `CN=${WORLD.host}`, names: [WORLD.host], algorithm: 'rsa' });
  await writeFile(join(folder, 'rsa.pem'), pem);
  await writeFile(join(folder, 'rsa-key.pem'), key, { mode: 0o640 });
}

/** A new folder for one server, removed by `remove`, and a certificate whose files lie in it. */
export async function makeOptions(): Promise<Options & { remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-quorum-server-'));
  const certificate = await makeCertificate([WORLD.host]);
  await writeFile(join(folder, 'cert.pem'), certificate.cert);
  await writeFile(join(folder, 'key.pem'), certificate.key, { mode: 0o640 });
  return { folder, certificate, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes files, named by their paths below `folder`. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
