/** The TLS ClientHello that is sent to a server without a greeting. */

/**
 * A ClientHello (RFC 8446 4.1.2) of ASCII octets only, lengths included. TLS servers answer it with a ServerHello or an
 * alert, and web servers with a 400. A mail server that hangs does not answer. It offers TLS 1.3 and 1.2, because some
 * servers close the connection silently if they support no offered version.
 */
export const CLIENT_HELLO = record(
  hello(
    [0x1301, 0x002f, 0x0035, 0x003c],
    [
      extension(0x002b, `\x04${[0x0304, 0x0303].map(uint16).join('')}`),
      extension(0x000a, list(uint16(0x001d) + uint16(0x0017))),
      extension(0x000d, list([0x0403, 0x0804, 0x0401].map(uint16).join(''))),
      // Any 32 octets are an X25519 key. The handshake is never completed.
      extension(0x0033, list(uint16(0x001d) + list('any 32 octets make an x25519 key'))),
    ],
  ),
);

function hello(ciphers: readonly number[], extensions: readonly string[]): string {
  const random = 'smtp-quorum asks who you are....';
  const body = `\x03\x03${random}\x00${list(ciphers.map(uint16).join(''))}\x01\x00${list(extensions.join(''))}`;
  return `\x01\x00${list(body)}`;
}

function extension(type: number, data: string): string {
  return `${uint16(type)}${list(data)}`;
}

/** The octets with their length before them. */
function list(octets: string): string {
  return `${uint16(octets.length)}${octets}`;
}

function record(message: string): string {
  return `\x16\x03\x01${list(message)}`;
}

function uint16(value: number): string {
  return String.fromCharCode(value >> 8, value & 0xff);
}
