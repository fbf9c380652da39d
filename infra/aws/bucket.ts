// Adapters, training files and uploads. The registry never overwrites what counts; the versions of the bucket are the net
// under a mistake, kept for a month.
import { isProduction } from './settings.ts'

export const bucket = new sst.aws.Bucket('Objects', {
  versioning: true,
  cors: false,
  transform: {
    bucket: (args) => {
      args.forceDestroy = !isProduction
    },
  },
})

new aws.s3.BucketServerSideEncryptionConfiguration('ObjectsEncryption', {
  bucket: bucket.name,
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
})

new aws.s3.BucketLifecycleConfiguration('ObjectsLifecycle', {
  bucket: bucket.name,
  rules: [
    {
      id: 'deleted-objects',
      status: 'Enabled',
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    // Uploads that were announced and sent but never completed.
    { id: 'orphaned-uploads', status: 'Enabled', filter: { prefix: 'uploads/' }, expiration: { days: 2 } },
  ],
})
