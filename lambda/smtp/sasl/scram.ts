/** SCRAM without channel binding: RFC 5802 (SHA-1), RFC 7677 (SHA-256). */

import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../endpoint/endpoint.ts';

/** What the server sent to prove that it knows the password. */
export type ServerProof = 'missing' | 'wrong' | 'valid';

export interface ScramExchange {
  readonly first: string;
  /** The response to a message of the server; null if the message is malformed, or its signature is wrong. */
  answer(message: string): string | null;
  serverProof(): ServerProof;
}

/** Servers use 4,096 (RFC 7677 4) to 100,000. The computation stops all other probes of the process. */
const ITERATIONS_AT_MOST = 200_000;

/** Base64 of `n,,`: no channel binding. */
const WITHOUT_BINDING = 'biws';

export function startScram(
  hash: 'sha1' | 'sha256',
  { user, password }: Credentials,
  nonce = randomBytes(18).toString('base64'),
): ScramExchange {
  const bare = `n=${saslName(user)},r=${nonce}`;
  let signature: Buffer | null = null;
  let proof: ServerProof = 'missing';
  const answer = (message: string): string | null => {
    const fields = fieldsOf(message);
    if (signature === null) {
      const final = finalMessage(hash, password, { bare, message, nonce, fields });
      signature = final?.signature ?? null;
      return final?.text ?? null;
    }
    // `e=`: the server reports why it refuses, and its reply follows after an empty response.
    if (fields.e !== undefined) return '';
    if (fields.v === undefined) return null;
    proof = isSame(signature, fields.v) ? 'valid' : 'wrong';
    return proof === 'valid' ? '' : null;
  };
  return { first: `n,,${bare}`, answer, serverProof: () => proof };
}

interface ServerFirst {
  /** The first message of the client, without its header. */
  readonly bare: string;
  readonly message: string;
  /** That of the client. */
  readonly nonce: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The second message of the client, and the signature that the server must send. Null if its message is malformed. */
function finalMessage(hash: string, password: string, { bare, message, nonce, fields }: ServerFirst) {
  const { r = '', s = '', i = '', m } = fields;
  const iterations = /^\d{1,7}$/.test(i) ? Number(i) : 0;
  const isValid = m === undefined && r.length > nonce.length && r.startsWith(nonce) && s !== '';
  if (!isValid || iterations < 1 || iterations > ITERATIONS_AT_MOST) return null;
  const withoutProof = `c=${WITHOUT_BINDING},r=${r}`;
  const signed = `${bare},${message},${withoutProof}`;
  const salted = saltedPassword(hash, password, s, iterations);
  const clientKey = hmac(hash, salted, 'Client Key');
  const clientSignature = hmac(hash, createHash(hash).update(clientKey).digest(), signed);
  const proof = Buffer.from(clientKey.map((octet, at) => octet ^ (clientSignature[at] ?? 0)));
  const signature = hmac(hash, hmac(hash, salted, 'Server Key'), signed);
  return { text: `${withoutProof},p=${proof.toString('base64')}`, signature };
}

/** NFKC is the part of SASLprep (RFC 4013) that changes passwords of people. */
function saltedPassword(hash: string, password: string, salt: string, iterations: number): Buffer {
  const { length } = createHash(hash).digest();
  return pbkdf2Sync(password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, length, hash);
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

function isSame(signature: Buffer, sent: string): boolean {
  const other = Buffer.from(sent, 'base64');
  return other.length === signature.length && timingSafeEqual(other, signature);
}

/** RFC 5802 5.1. */
function saslName(user: string): string {
  return user.normalize('NFKC').replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/** `r=…,s=…,i=4096` by the letter of each field. */
function fieldsOf(message: string): Readonly<Record<string, string>> {
  return Object.fromEntries(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
}
