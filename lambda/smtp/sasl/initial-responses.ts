/** Initial responses of SASL mechanisms, before base64. SMTP, IMAP and POP3 send the same. */

/** RFC 4616 2. */
export function plainResponse(user: string, password: string): string {
  return `\0${user}\0${password}`;
}

/** As Google documents it. */
export function xoauth2Response(user: string, token: string): string {
  return `user=${user}\x01auth=Bearer ${token}\x01\x01`;
}
