/** Whether a URL is `http:` and leads to this machine: what is sent there without TLS does not leave it. */
export function isLoopbackUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && /^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(hostname);
}
