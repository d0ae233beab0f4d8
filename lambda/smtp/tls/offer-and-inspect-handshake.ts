/** The TLS handshake: what the client offers, the result, and the failure. */

import { X509Certificate } from 'node:crypto';
import { createSecureContext, DEFAULT_CIPHERS, type SecureContext, type TLSSocket } from 'node:tls';
import { fromCache } from '../bounds/bounded-cache.ts';
import { type TlsEndpoint, tlsServerName } from '../endpoint/endpoint.ts';
import { DEFAULT_EXPECTATIONS, type TlsVersion } from '../endpoint/expectations.ts';
import { FAILURES, type FailureCode, finding } from '../failures/failures.ts';
import type { CertificateFacts, Finding, TlsFacts } from '../sample/sample.ts';
import { chainDigests } from './certificate-digests.ts';
import {
  type CertificateRecord,
  daysLeft,
  isVerified,
  judgeCertificate,
  readCertificate,
  type Verification,
} from './judge-certificate.ts';
import { certificateChain, chainSubjects } from './path-to-trusted-authority.ts';
import { pemCertificates } from './trusted-authorities.ts';

const VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** Caches of contexts and certificates. Each costs more than the rest of a probe. */
const contexts = new Map<string, SecureContext>();
const certificates = new Map<string, CertificateRecord>();

/** Throws if `ca` is not a certificate, which is an error of the caller. */
export function secureContextFor({ ca, expect }: TlsEndpoint): SecureContext {
  const lowest = lowestVersion(expect?.tls ?? {});
  return fromCache(contexts, `${lowest} ${ca ?? ''}`, () => {
    // OpenSSL 3 supports TLS 1.0 and 1.1, with SHA-1 signatures, only at security level 0. At level 2, the default of newer
    // versions of Node, short keys end the handshake. At level 1 they are findings of their own.
    const ciphers = lowest < 'TLSv1.2' ? 'DEFAULT@SECLEVEL=0' : `${DEFAULT_CIPHERS}:@SECLEVEL=1`;
    return createSecureContext({
      minVersion: lowest,
      ciphers,
      ...(ca === undefined ? {} : { ca: authoritiesOf(ca) }),
    });
  });
}

/** OpenSSL ignores unreadable authorities, and then trusts none. */
function authoritiesOf(ca: string): string[] {
  const authorities = pemCertificates(ca);
  if (authorities.length === 0) throw new TypeError('`ca` has no certificate in PEM');
  return authorities.map((pem) => new X509Certificate(pem).toString());
}

/** With `warn`, older versions are offered, so that they can be detected. */
function lowestVersion({
  atLeast = DEFAULT_EXPECTATIONS.tls.atLeast,
  otherwise,
}: {
  atLeast?: TlsVersion;
  otherwise?: string;
}): TlsVersion {
  return otherwise === 'warn' ? 'TLSv1' : atLeast;
}

export interface HandshakeResult {
  readonly facts: TlsFacts;
  readonly findings: readonly Finding[];
}

/**
 * In each handshake, Node parses the whole chain for its own check of the name, which takes a quarter of the CPU of a
 * probe. This prevents it. `inspectHandshake` parses only new certificates.
 */
export function deferCertificateParsing(socket: TLSSocket): void {
  socket.getPeerCertificate = () => Object.create(null);
}

/** `now`: epoch milliseconds. */
export function inspectHandshake(socket: TLSSocket, endpoint: TlsEndpoint, now: number): HandshakeResult {
  const negotiated = negotiatedParameters(socket);
  const findings = [...judgeVersion(negotiated.version, endpoint), ...judgeDiffieHellman(negotiated.keyExchange)];
  // Called once only: Node removes the leaf from its chain.
  const leaf = socket.getPeerX509Certificate();
  const record = leaf === undefined ? null : cachedRecord(leaf);
  if (leaf === undefined || record === null) {
    return { facts: { ...negotiated, certificate: null }, findings: [...findings, ...judgeUnreadable(endpoint)] };
  }
  const chain = certificateChain(leaf);
  const verification = {
    error: errorOf(socket),
    chain,
    ca: endpoint.ca,
    name: tlsServerName(endpoint),
    certificate: record.certificate,
  };
  const dated = { ...record.facts, daysLeft: daysLeft(record.facts, now), chain: chainSubjects(chain) };
  const publiclyTrusted =
    endpoint.ca === undefined ? verification.error === null && isVerified(dated, verification, now) : null;
  const certificate = { ...dated, served: chainDigests(chain, now), publiclyTrusted };
  const facts = { ...negotiated, certificate };
  if (endpoint.insecure) return { facts, findings };
  return { facts, findings: [...findings, ...judgeIdentity(certificate, verification, endpoint, now)] };
}

function negotiatedParameters(socket: TLSSocket): Omit<TlsFacts, 'certificate'> {
  const key = socket.getEphemeralKeyInfo() as { name?: string; type?: string; size?: number } | null;
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    keyExchange: key?.type === 'DH' ? `DH ${key.size}` : (key?.name ?? key?.type ?? null),
  };
}

/** Groups of 1024 bits are within reach of large organisations (weakdh.org, RFC 9325 4.1). */
const DIFFIE_HELLMAN_BITS = 2048;

function judgeDiffieHellman(keyExchange: string | null): readonly Finding[] {
  const bits = Number(keyExchange?.match(/^DH (\d+)$/)?.[1] ?? DIFFIE_HELLMAN_BITS);
  return bits < DIFFIE_HELLMAN_BITS ? [finding('weak-dh', { detail: `a group of ${bits} bits` })] : [];
}

/** With a warning the session continues, but without the password. Only `insecure` sends it to an unverified server. */
function judgeIdentity(
  facts: CertificateFacts,
  verification: Verification,
  { auth, expect }: TlsEndpoint,
  now: number,
): readonly Finding[] {
  const findings = judgeCertificate(facts, verification, now, expect);
  if (auth === undefined || isVerified(facts, verification, now)) return findings;
  return [...findings, finding('auth-withheld', { detail: 'the certificate is not verified' })];
}

/** Null for a certificate that OpenSSL accepts but that is malformed, for example with an invalid date. */
function cachedRecord(leaf: X509Certificate): CertificateRecord | null {
  try {
    return fromCache(certificates, leaf.fingerprint256, () => readCertificate(leaf.toLegacyObject()));
  } catch {
    return null;
  }
}

function errorOf({ authorizationError }: TLSSocket): string | null {
  return authorizationError === null || authorizationError === undefined ? null : String(authorizationError);
}

function judgeUnreadable({ insecure }: TlsEndpoint): readonly Finding[] {
  return insecure ? [] : [finding('certificate-unreadable', { detail: 'none, or malformed' })];
}

function judgeVersion(version: string, { expect }: TlsEndpoint): readonly Finding[] {
  const { atLeast, otherwise } = { ...DEFAULT_EXPECTATIONS.tls, ...expect?.tls };
  if (VERSIONS.indexOf(version as TlsVersion) >= VERSIONS.indexOf(atLeast)) return [];
  return [finding('tls-too-old', { detail: `${version}, expected at least ${atLeast}`, outcome: otherwise })];
}

/** OpenSSL's error codes, as Node names them, and their failure codes. The first match counts. */
const HANDSHAKE_ERRORS: readonly (readonly [RegExp, FailureCode])[] = [
  [
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE|INAPPROPRIATE_FALLBACK/,
    'tls-version',
  ],
  [/DH_KEY_TOO_SMALL|DH_PARAM_SIZE/, 'weak-dh'],
  // The server sends it after the handshake of TLS 1.3. TLS 1.2 has no alert of its own for it.
  [/ALERT_CERTIFICATE_REQUIRED/, 'client-certificate-wanted'],
  [
    /HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|NO_SHARED_CIPHER|UNKNOWN_CIPHER|WRONG_CIPHER|NO_CIPHERS|WRONG_CURVE|WRONG_SIGNATURE_TYPE|NO_SUITABLE|UNSUPPORTED_ELLIPTIC/,
    'tls-no-common-cipher',
  ],
  // OpenSSL names the alerts 110 to 114 (RFC 6066) without the word.
  [
    /ALERT|TLSV1_(?:UNSUPPORTED_EXTENSION|CERTIFICATE_UNOBTAINABLE|UNRECOGNIZED_NAME|BAD_CERTIFICATE_(?:STATUS|HASH))/,
    'tls-alert',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE|HTTP_REQUEST|BAD_PROTOCOL|RECORD_LENGTH|UNKNOWN_PROTOCOL/,
    'tls-garbage',
  ],
];

/** What servers send if the client has no certificate (RFC 5246 7.4.6). TLS 1.3 has an alert of its own. */
const WITHOUT_CERTIFICATE = /ALERT_(?:HANDSHAKE_FAILURE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)|ALERT_ACCESS_DENIED/;

/** `implicit`: implicit TLS was expected. */
export function handshakeFailure(
  error: NodeJS.ErrnoException,
  implicit: boolean,
  wire: Pick<TLSSocket, 'getFinished'> | null = null,
): Finding {
  const name = error.code ?? error.message;
  const byName = HANDSHAKE_ERRORS.find(([pattern]) => pattern.test(name))?.[1] ?? 'tls-failed';
  // The client has sent its Finished: version and cipher suite are agreed, and only its certificate can be refused.
  const isRefused = WITHOUT_CERTIFICATE.test(name) && wire?.getFinished() !== undefined;
  const code = isRefused ? 'client-certificate-wanted' : byName;
  const reason = 'reason' in error ? String(error.reason) : error.message;
  const detail = reason.replace(/^(?:sslv3|ssl\/tls|tlsv1|tlsv13) (?:alert )?(?=[a-z])/, 'alert: ');
  // Here the handshake failed. With a weak group that the library accepts, it is a warning.
  const outcome = FAILURES[code].outcome === 'warn' ? 'fail' : FAILURES[code].outcome;
  return finding(code === 'tls-garbage' && implicit ? 'plain-on-tls-port' : code, { phase: 'tls', detail, outcome });
}
