/** Options of a client of the AWS SDK. */
export interface AwsClientOptions {
  readonly region: string;
  readonly profile?: string;
}
