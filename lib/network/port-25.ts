import type { Config } from '../../lambda/config/config.ts';
import type { Egress } from './egress-setting.ts';

/** AWS's form; the request must name the Elastic IP and the PTR record that it shall get. */
export const port25Form = 'https://aws.amazon.com/forms/ec2-email-limit-rdns-request';

const PORT = 25;

/** Ids of the targets on port 25. */
function targetsOn25({ targets }: Config): readonly string[] {
  return targets.filter(({ port }) => port === PORT).map(({ id }) => id);
}

/** Round trips that send through port 25. */
function tripsOn25({ roundTrips = [] }: Config): readonly string[] {
  return roundTrips.filter(({ send }) => send.server.port === PORT).map(({ id }) => `roundTrips.${id}`);
}

/**
 * What a probe on port 25 must not be without, in sentences. Out of a VPC AWS opens the port on request only, and until
 * then a closed way and a dead server look alike from there: without a control target on port 25 a whole fleet would be
 * paged as down on its first deployment.
 * @param egress the way out of each vantage
 */
export function port25Problems(config: Config, egress: Readonly<Record<string, Egress>>): readonly string[] {
  return [...untoldProblems(config, egress), ...blockedTrips(config, egress)];
}

function untoldProblems(config: Config, egress: Readonly<Record<string, Egress>>): readonly string[] {
  const named = [...targetsOn25(config), ...tripsOn25(config)];
  const untold = Object.entries(egress).flatMap(([vantage, way]) => (way === 'default' ? [] : [vantage]));
  if (named.length === 0 || untold.length === 0 || config.control?.port === PORT) return [];
  return [
    `control: write a mail server of somebody else on port 25, such as \`control: mail.example.net:25\`: until AWS opens port 25 for ${untold.join(', ')}, nothing else tells a closed way from ${named.join(', ')} being down`,
  ];
}

/** Every vantage sends in turn: from one that cannot, nothing would be known of the mail. */
function blockedTrips(config: Config, egress: Readonly<Record<string, Egress>>): readonly string[] {
  const blocked = Object.entries(egress).flatMap(([vantage, way]) => (way === 'default' ? [vantage] : []));
  if (blocked.length === 0) return [];
  const from = blocked.join(', ');
  return tripsOn25(config).map(
    (trip) =>
      `${trip}: it sends through port 25, which AWS blocks from Lambda's own network in ${from}: choose egress vpc for ${from}, or send through 587 or 465 (docs/deploy.md#port-25)`,
  );
}

/** What is to be warned of where port 25 is probed out of a network that never lets it through; null where it is not. */
export function port25Warning(config: Config, vantage: string, egress: Egress): string | null {
  if (egress !== 'default') return null;
  const named = targetsOn25(config);
  const control = config.control?.port === PORT ? ['the control target'] : [];
  if (named.length + control.length === 0) return null;
  return `${[...named, ...control].join(', ')}: port 25, which AWS blocks from Lambda's own network in ${vantage}. Choose egress vpc for it (docs/deploy.md#port-25).`;
}
