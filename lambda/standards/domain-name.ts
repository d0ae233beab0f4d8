/** A domain name as names are compared: in lower case (RFC 4343), without a dot at the end. */
export function comparableName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/**
 * An address as addresses are compared: the domain in lower case. Only its own server may say whether the case of the local part
 * matters (RFC 5321, 2.4).
 */
export function comparableAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at + 1)}${address.slice(at + 1).toLowerCase()}`;
}
