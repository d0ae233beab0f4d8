/** Chains and TLSA records for tests, made of the octets that their certificates and keys stand for. */
import { createHash } from 'node:crypto';
import type { DaneCertificate, DaneChain } from '../../../lambda/standards/dane/match-record.ts';
import type { TlsaData } from '../../../lambda/standards/dane/tlsa.ts';

export const NOW = Date.parse('2026-11-26T12:00:00Z');
const DAY = 86_400_000;

/** Digests of octets in hexadecimal. `digits`: where a stored digest is cut. */
export function digestsOf(octets: string, digits = 128) {
  const digest = (algorithm: string) => createHash(algorithm).update(Buffer.from(octets, 'hex')).digest('hex');
  return { sha256: digest('sha256').slice(0, digits), sha512: digest('sha512').slice(0, digits) };
}

/** Octets that stand for a certificate and for its key. */
export const octets = (name: string) => ({
  certificate: Buffer.from(`certificate of ${name}`).toString('hex'),
  key: Buffer.from(`key of ${name}`).toString('hex'),
});

export interface Links {
  /** Days until it expires. */
  readonly days?: number;
  readonly linked?: boolean;
  readonly digits?: number;
}

export function certificate(name: string, { days = 60, linked = true, digits = 128 }: Links = {}): DaneCertificate {
  return {
    certificate: digestsOf(octets(name).certificate, digits),
    key: digestsOf(octets(name).key, digits),
    validTo: new Date(NOW + days * DAY).toISOString(),
    linked,
  };
}

/** A leaf, an intermediate and a root. */
export function chain(given: Partial<DaneChain> = {}): DaneChain {
  const certificates = ['leaf', 'intermediate', 'root'].map((name) => certificate(name));
  return { names: ['mx1.example.com'], moreNames: false, certificates, ...given };
}

/** `3 1 1 leaf`: usage, selector, matching type, and whose certificate or key. */
export function record(text: string): TlsaData {
  const [usage = 0, selector = 0, matching = 0] = text.split(' ').map(Number);
  const name = text.split(' ')[3] ?? '';
  const whole = selector === 0 ? octets(name).certificate : octets(name).key;
  const { sha256, sha512 } = digestsOf(whole);
  return {
    usage,
    selector,
    matching,
    data: ({ 0: whole, 1: sha256, 2: sha512 } as Record<number, string>)[matching] ?? sha256,
  };
}
