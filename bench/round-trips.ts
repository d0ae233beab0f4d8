/** Round trips until the verdict, counted as flights of the client by a relay, with what the RFCs make the least. */

import type { SecureVersion } from 'node:tls';
import type { Endpoint, Security } from '../lambda/smtp/endpoint/endpoint.ts';
import { probe } from '../lambda/smtp/resolve-and-probe-endpoint.ts';
import { makeCertificate } from '../local/demo/certificate.ts';
import { mailServer, serve } from '../test/smtp/scripted-server.ts';
import { nodemailer } from './peers/nodemailer.ts';
import { startRelay } from './peers/round-trip-counter.ts';

export interface Flow {
  readonly what: string;
  readonly security: Security;
  readonly with?: Partial<Endpoint>;
  readonly version?: SecureVersion;
  /** The server offers PIPELINING (RFC 2920). */
  readonly pipelining?: boolean;
  /** Round trips until the verdict, the opening of the connection included. */
  readonly least: number;
}

const auth = { user: 'probe@example.com', password: 'open sesame', mechanism: 'PLAIN' } as const;
const mail = { mailFrom: 'probe@example.com', rcptTo: ['postmaster@example.com'] };

// biome-ignore format: a table reads by its rows
export const FLOWS: readonly Flow[] = [
  { what: 'plain', security: 'none', least: 3 },
  { what: 'implicit TLS 1.3', security: 'tls', least: 4 },
  // The greeting comes with the server's Finished, so TLS 1.2 costs nothing more here.
  { what: 'implicit TLS 1.2', security: 'tls', version: 'TLSv1.2', least: 4 },
  { what: 'STARTTLS, TLS 1.3', security: 'starttls', least: 6 },
  { what: 'STARTTLS, TLS 1.2', security: 'starttls', version: 'TLSv1.2', least: 7 },
  { what: 'STARTTLS, AUTH PLAIN', security: 'starttls', with: { auth }, least: 7 },
  { what: 'STARTTLS, MAIL RCPT RSET QUIT pipelined', security: 'starttls', with: mail, least: 7 },
  { what: 'STARTTLS, AUTH PLAIN, MAIL RCPT RSET QUIT', security: 'starttls', with: { auth, ...mail }, least: 8 },
  { what: 'plain, MAIL RCPT without PIPELINING', security: 'none', with: mail, pipelining: false, least: 5 },
];

const EHLO = ['250-mx.example.com', '250-SIZE 10240000', '250-STARTTLS', '250-AUTH PLAIN', '250 8BITMIME'];

export interface Trips {
  /** Until the verdict. */
  readonly verdict: number;
  /** Until the reply to QUIT. */
  readonly goodbye: number;
}

/** Ends with the verdict; `over` ends with the session. */
export type Hold = (endpoint: Endpoint) => Promise<{ readonly over: Promise<void> }>;

/** Holds the session through a relay. */
export async function tripsOf(flow: Flow, hold: Hold): Promise<Trips> {
  const { version = 'TLSv1.3', security, pipelining = true } = flow;
  const { cert, key, ca } = await makeCertificate(['mx.example.com']);
  const offered = pipelining ? [EHLO[0], '250-PIPELINING', ...EHLO.slice(1)] : EHLO;
  const manners = { EHLO: offered.join('\r\n') };
  const tls = { cert, key, minVersion: version, maxVersion: version };
  const inTls = { EHLO: offered.filter((line) => line !== '250-STARTTLS').join('\r\n') };
  const server = await serve(mailServer({ answers: manners, inTls, tls, implicit: security === 'tls' }));
  const relay = await startRelay(server.port);
  try {
    const where = { host: '127.0.0.1', port: relay.port, security, ehloName: 'probe.example.com' };
    const { over } = await hold({ ...where, serverName: 'mx.example.com', ca, ...flow.with });
    // The connection's SYN is one, and so is the greeting that comes unasked.
    const before = security === 'tls' ? 1 : 2;
    const verdict = before + relay.flights();
    await over;
    return { verdict, goodbye: before + relay.flights() };
  } finally {
    await relay.stop();
    await server.close();
  }
}

/** Throws where the sample is no pass: what broke off early made fewer trips. */
export const ours: Hold = async (endpoint) => {
  let over = Promise.resolve();
  const { outcome, transcript } = await probe(endpoint, { onQuit: (end) => (over = end) });
  if (outcome !== 'pass') throw new Error(transcript.join('\n'));
  return { over };
};

export async function roundTrips(): Promise<void> {
  console.log('\nRound trips until the verdict (and until the reply to QUIT), the opening of the connection included:');
  for (const flow of FLOWS) {
    const { verdict, goodbye } = await tripsOf(flow, ours);
    const least = verdict === flow.least ? 'the least that is legal' : `${flow.least} would do`;
    const other = flow.with === undefined ? `nodemailer ${(await tripsOf(flow, theirs)).verdict}` : '';
    console.log(`  ${flow.what.padEnd(44)} ${verdict} (${goodbye})   ${least.padEnd(26)} ${other}`);
  }
}

const theirs: Hold = async (endpoint) => {
  await nodemailer(endpoint);
  return { over: Promise.resolve() };
};
