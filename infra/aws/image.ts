// The image of trainer and inference, built from infra/container/Dockerfile by the machine that deploys.
import { isProduction } from './settings.ts'

const repository = new aws.ecr.Repository('Images', {
  imageScanningConfiguration: { scanOnPush: true },
  encryptionConfigurations: [{ encryptionType: 'AES256' }],
  forceDelete: !isProduction,
})

new aws.ecr.LifecyclePolicy('ImagesLifecycle', {
  repository: repository.name,
  policy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
        action: { type: 'expire' },
      },
    ],
  }),
})

const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId })

const image = new dockerbuild.Image('Image', {
  context: { location: $cli.paths.root },
  dockerfile: { location: `${$cli.paths.root}/infra/container/Dockerfile` },
  buildArgs: { DEVICE: 'gpu' },
  platforms: ['linux/amd64'],
  tags: [$interpolate`${repository.repositoryUrl}:latest`],
  push: true,
  registries: [{ address: repository.repositoryUrl, username: login.userName, password: login.password }],
})

/** By its digest: what was tested is what runs. */
export const imageRef = image.ref

/** What a machine needs to fetch it. The token is the registry's and has no narrower resource. */
export const pullImage = [
  { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
  {
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [repository.arn],
  },
]
