import { SNSClient } from '@aws-sdk/client-sns';
import type { Sender } from '../alert/channels/sender.ts';
import { topicSender } from '../alert/channels/sns.ts';
import type { Config } from '../config/config.ts';
import { clientSettings } from './client-timeouts.ts';
import { fromEnvironment } from './environment.ts';

/**
 * Publishes alerts to the topic of the home region. Separate from `ports.ts`, so that only the bundle of `deliver`
 * contains SNS.
 */
export function openTopic(config: Config): Sender {
  return topicSender(topicClient(), fromEnvironment('topic'), config);
}

let client: SNSClient | undefined;

/** One client per container. */
export function topicClient(): SNSClient {
  client ??= new SNSClient(clientSettings(fromEnvironment('home')));
  return client;
}
