import { Command } from 'commander';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { alertsTopic, confirmSubscription } from '../../alerts/confirm-subscription.ts';
import { type Confirmation, confirmationOf, regionOfTopic } from '../../alerts/confirmation-link.ts';
import { configIfAny } from '../../arguments/config-file.ts';
import { UsageError } from '../../arguments/usage-error.ts';

interface ConfirmOptions {
  readonly topic?: string;
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly config?: string;
}

const HELP = `
Confirms an e-mail subscription of SNS in place of the link in its mail. A subscription that is confirmed by the link can be ended
by anybody who follows the link at the end of each alert, such as a link scanner of a mail system. One that is confirmed by
this command can be ended only with credentials of the account. Run it within 48 hours after the mail, and do not follow the link.

Examples:
  smtp-quorum confirm-subscription 'https://sns.us-east-1.amazonaws.com/confirmation.html?TopicArn=…&Token=…'
  smtp-quorum confirm-subscription TOKEN --table smtp-quorum --region us-east-1 --profile ops

Exit code:
  0 confirmed   3 not confirmed, or bad usage`;

export function confirmSubscriptionCommand(): Command {
  return new Command('confirm-subscription')
    .argument('<link>', 'link of the mail, in quotes, or its token')
    .option('--topic <arn>', 'topic of a token (default: the topic of alerts)')
    .option('--table <name>', 'table of the deployment on AWS (default: the name in the config)')
    .option('--region <region>', 'home region (default: that of the link, the topic or the config)')
    .option('--profile <name>', 'AWS profile')
    .option('-c, --config <file>', 'config file (default: smtp-quorum.yaml, if it exists)')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(link: string, options: ConfirmOptions): Promise<void> {
  const confirmation = confirmationOf(link);
  const topicArn = await topicOf(confirmation, options);
  const region = regionOfTopic(topicArn);
  if (options.region !== undefined && options.region !== region)
    throw new UsageError(`the topic is in ${region}, not in ${options.region}; leave --region out`);
  const { token } = confirmation;
  const { profile } = options;
  const arn = await confirmSubscription({ topicArn, token, region, ...(profile === undefined ? {} : { profile }) });
  process.stdout.write(
    `${escapeForDisplay(`confirmed: ${arn}`)}\nThe links at the end of its mails no longer end it. To end it: aws sns unsubscribe\n`,
  );
}

async function topicOf({ topicArn }: Confirmation, options: ConfirmOptions): Promise<string> {
  if (topicArn !== null && options.topic !== undefined && options.topic !== topicArn)
    throw new UsageError(`the link is of the topic ${topicArn}; leave --topic out`);
  const named = topicArn ?? options.topic;
  if (named !== undefined) return named;
  const config = configIfAny(options.config);
  const [name, region] = [options.table ?? config?.name, options.region ?? config?.home];
  if (name === undefined || region === undefined || region === 'local')
    throw new UsageError('a token needs its topic: give the whole link, --topic ARN, or --table NAME and --region');
  return await alertsTopic(name, region, options.profile);
}
