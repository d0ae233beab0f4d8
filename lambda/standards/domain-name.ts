/** A domain name as names are compared: in lower case (RFC 4343), without a dot at the end. */
export function comparableName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
