import type { Config } from '../../lambda/config/config.ts';

/** HTTPS to AWS, and to a token endpoint of OAuth 2.0. */
const HTTPS = 443;

/** The ports that the functions of a vantage connect to: of targets, of the control target, and of servers and mailboxes of round trips. */
export function portsOfVantage({ targets, control, roundTrips = [] }: Config): readonly number[] {
  const trips = roundTrips.flatMap(({ send, receive }) => [send.server.port, receive.port]);
  const ports = [HTTPS, ...targets.map(({ port }) => port), ...(control ? [control.port] : []), ...trips];
  return [...new Set(ports)].sort((a, b) => a - b);
}
