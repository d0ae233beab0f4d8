/** The schema of the receivers of `notify` that page: PagerDuty, Jira Service Management, calls, and Amazon Q Developer. A secret is only named. */
import { z } from 'zod';
import { secretReferenceSchema } from '../credentials.ts';
import { text } from '../values.ts';
import { VOICES } from './voices.ts';

const keyOf = (what: string) =>
  secretReferenceSchema.describe(`Where ${what} is stored: exactly one of \`secret\` and \`env\`.`);

const NOT_E164 =
  'is not a telephone number in E.164 form: a plus sign, the country code, then digits, such as `"+15555550100"`';

/** A number, the id of a number or of a pool, or the ARN of either. */
const ORIGIN =
  /^(?:\+[1-9]\d{6,14}|(?:phone|pool)-[0-9a-f]{32}|arn:aws[a-z-]*:sms-voice:[a-z0-9-]+:\d{12}:(?:phone-number|pool)\/[\w-]+)$/;

export const pagerShape = {
  pagerduty: z
    .strictObject({
      routingKey: keyOf('the integration key of a service (Events API v2)'),
      url: z
        .string()
        .optional()
        .describe(
          'Origin of the Events API. Default: `https://events.pagerduty.com`. In the EU: `https://events.eu.pagerduty.com`.',
        ),
      webhookSecret: keyOf('the secret of a webhook subscription')
        .optional()
        .describe(
          'Secret of a webhook subscription of PagerDuty. With it, an acknowledgement in PagerDuty counts here.',
        ),
    })
    .optional()
    .describe('A service of PagerDuty. Each incident is one alert there, which is resolved when it is over.'),
  jsm: z
    .strictObject({
      apiKey: keyOf('the API key of an integration'),
      url: z
        .string()
        .optional()
        .describe(
          'Base of the API. Default: `https://api.atlassian.com/jsm/ops/integration`. For Opsgenie: `https://api.opsgenie.com`, or `https://api.eu.opsgenie.com`.',
        ),
    })
    .optional()
    .describe(
      'Operations of Jira Service Management, or Opsgenie. Each incident is one alert, which is closed when it is over.',
    ),
  amazonQ: z
    .strictObject({
      topicArn: text(
        /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
        'is not the ARN of a standard topic, such as `arn:aws:sns:us-east-1:123456789012:mail-chat`',
      ).describe('ARN of the SNS topic that the channel configuration of Amazon Q Developer names.'),
    })
    .optional()
    .describe('A channel of Slack or Microsoft Teams, by Amazon Q Developer in chat applications. On AWS only.'),
  phone: z
    .strictObject({
      number: text(/^\+[1-9]\d{6,14}$/, NOT_E164).describe('Number that is called, in E.164 form, in quotes.'),
      from: text(
        ORIGIN,
        'is not a number in E.164 form, an id (`phone-…`, `pool-…`) or an ARN of AWS End User Messaging',
      ).describe('Number, id or ARN of the number or pool of AWS End User Messaging that calls.'),
      voice: z.enum(VOICES).optional().describe('Voice of Amazon Polly. Default: `MATTHEW`.'),
      mostPerMinute: z
        .number()
        .min(0.001, 'must be dollars from 0.001 to 99')
        .max(99, 'must be dollars from 0.001 to 99')
        .optional()
        .describe('The most that a minute may cost, in US dollars. A call above it is not made. Default: 0.1.'),
    })
    .optional()
    .describe('A telephone call by AWS End User Messaging. On AWS only.'),
};

/** Of a webhook, beside its URL. */
export const signatureShape = {
  signature: keyOf('the key of the signature')
    .optional()
    .describe('Only with `webhook`: the key under which each request is signed (HMAC with SHA-256).'),
};
