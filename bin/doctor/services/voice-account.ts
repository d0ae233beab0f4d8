import type { AwsClientOptions } from '../region-and-profile.ts';

/** What AWS End User Messaging lets an account call. */
export interface VoiceAccount {
  /** In the sandbox, calls are made to verified numbers only. */
  readonly isInSandbox: boolean;
  readonly verified: readonly string[];
  /** Dollars a month; null if it is not told. */
  readonly spendLimit: number | null;
  /** The numbers of the account, and what they can do. */
  readonly numbers: readonly VoiceNumber[];
  readonly pools: readonly string[];
}

export interface VoiceNumber {
  readonly number: string;
  readonly id: string;
  readonly arn: string;
  readonly canCall: boolean;
  readonly status: string;
}

/** https://docs.aws.amazon.com/sms-voice/latest/userguide/sandbox.html */
export async function voiceAccount(options: AwsClientOptions): Promise<VoiceAccount> {
  const sdk = await import('@aws-sdk/client-pinpoint-sms-voice-v2');
  const client = new sdk.PinpointSMSVoiceV2Client(options);
  const [attributes, limits, verified, numbers, pools] = await Promise.all([
    client.send(new sdk.DescribeAccountAttributesCommand({})),
    client.send(new sdk.DescribeSpendLimitsCommand({})),
    client.send(new sdk.DescribeVerifiedDestinationNumbersCommand({})),
    client.send(new sdk.DescribePhoneNumbersCommand({})),
    client.send(new sdk.DescribePoolsCommand({})),
  ]);
  const tier = attributes.AccountAttributes?.find(({ Name }) => Name === 'ACCOUNT_TIER')?.Value;
  const limit = limits.SpendLimits?.find(({ Name }) => Name === 'VOICE_MESSAGE_MONTHLY_SPEND_LIMIT');
  return {
    isInSandbox: tier === 'SANDBOX',
    verified: (verified.VerifiedDestinationNumbers ?? []).flatMap(({ DestinationPhoneNumber, Status }) =>
      Status === 'VERIFIED' && DestinationPhoneNumber !== undefined ? [DestinationPhoneNumber] : [],
    ),
    spendLimit: limit?.EnforcedLimit ?? null,
    numbers: (numbers.PhoneNumbers ?? []).map((one) => ({
      number: one.PhoneNumber ?? '',
      id: one.PhoneNumberId ?? '',
      arn: one.PhoneNumberArn ?? '',
      canCall: one.NumberCapabilities?.includes('VOICE') ?? false,
      status: one.Status ?? '',
    })),
    pools: (pools.Pools ?? []).flatMap(({ PoolId, PoolArn }) => [PoolId ?? '', PoolArn ?? '']),
  };
}
