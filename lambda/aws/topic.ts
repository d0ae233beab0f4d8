import { SNSClient } from '@aws-sdk/client-sns';
import { publishAlert } from '../alert/channels/sns.ts';
import type { Config } from '../config/config.ts';
import type { Ports } from '../ports.ts';
import { clientSettings } from './client.ts';
import { fromEnvironment } from './environment.ts';

/**
 * Publishes alerts to the topic of the home region. Separate from `ports.ts`, so that only the judge's bundle contains
 * SNS.
 */
export function openTopic(config: Config): Ports['sendAlert'] {
  const client = new SNSClient(clientSettings(fromEnvironment('home')));
  return (alert) => publishAlert(client, fromEnvironment('topic'), alert, config);
}
