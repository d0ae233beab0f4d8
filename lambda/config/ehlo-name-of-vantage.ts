/** The EHLO name of one vantage. With `probe-{vantage}.example.com` each name can match the PTR record of its region's address. */
export function ehloNameOf(template: string, vantage: string): string {
  return template.replaceAll('{vantage}', vantage);
}
