/** Signs with mailauth, as a second opinion. */
import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';

const { privateKey } = generateKeyPairSync('ed25519');
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** @returns the field with CRLF, to be put before the message */
export async function sign(message: Buffer, canonicalization: string, maxBodyLength?: number): Promise<string> {
  const domain = { signingDomain: 'example.com', selector: 's', privateKey: key };
  const length = maxBodyLength === undefined ? {} : { maxBodyLength };
  const signatureData = [{ ...domain, ...length, algorithm: 'ed25519-sha256', canonicalization }];
  // Its types lack `signatureData`, and its code ignores the rest.
  const options = { ...domain, signatureData };
  const { signatures, errors } = await dkimSign(message, options);
  if (errors !== undefined && errors.length > 0) throw new Error(JSON.stringify(errors));
  return signatures.replace(/\r?\n/g, '\r\n');
}
