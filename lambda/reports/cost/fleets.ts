/** What is watched besides the targets, and what that takes in a month on AWS. */
import { needsAnswers } from '../../config/answers/answer-secrets.ts';
import type { Config } from '../../config/config.ts';
import { answerUsage } from './answer-usage.ts';
import { type BounceFleet, bounceFleet, bounceUsage } from './bounce-usage.ts';
import { type MessageFleet, messageFleet, messageUsage } from './message-usage.ts';
import { type PageFleet, pageFleet, pageUsage } from './page-usage.ts';
import { type PostureFleet, postureFleet, postureUsage } from './posture-usage.ts';
import type { Usage } from './prices.ts';
import { type ServiceFleet, serviceFleet, serviceUsage } from './service-usage.ts';
import { type TripFleet, tripFleet, tripUsage } from './trip-usage.ts';

/** Each is absent if the config has none. */
export interface Fleets {
  /** Domains whose posture is watched. */
  readonly posture?: PostureFleet;
  readonly trips?: TripFleet;
  /** Mail whose bounces are counted. */
  readonly bounces?: BounceFleet;
  /** Acknowledgements are taken at a function URL. */
  readonly answers?: true;
  /** Who gets messages. */
  readonly messages?: MessageFleet;
  /** Services that get alerts. */
  readonly services?: ServiceFleet;
  /** The status page. */
  readonly page?: PageFleet;
}

export function fleetsOf(config: Config): Fleets {
  const [posture, trips, bounces] = [postureFleet(config), tripFleet(config), bounceFleet(config)];
  const [messages, services, page] = [messageFleet(config), serviceFleet(config), pageFleet(config)];
  return {
    ...(posture === null ? {} : { posture }),
    ...(trips === null ? {} : { trips }),
    ...(bounces === null ? {} : { bounces }),
    ...(needsAnswers(config) ? { answers: true } : {}),
    ...(messages === null ? {} : { messages }),
    ...(services === null ? {} : { services }),
    ...(page === null ? {} : { page }),
  };
}

export function fleetUsage({ posture, trips, bounces, answers, messages, services, page }: Fleets): readonly Usage[] {
  return [
    ...(posture === undefined ? [] : postureUsage(posture)),
    ...(bounces === undefined ? [] : bounceUsage(bounces)),
    ...(trips === undefined ? [] : tripUsage(trips)),
    ...(answers === undefined ? [] : answerUsage()),
    ...(messages === undefined ? [] : messageUsage(messages)),
    ...(services === undefined ? [] : serviceUsage(services)),
    ...(page === undefined ? [] : pageUsage(page)),
  ];
}
