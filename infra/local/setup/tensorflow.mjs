// A current TensorFlow for @tensorflow/tfjs-node-gpu, whose own install step fetches one of 2022. The C library and
// its headers are taken from the Python wheel, linked into the package's deps/, and the package's two C++ files are
// compiled against them. Compiled directly, not by node-gyp: that would fetch Node's headers from a host that closed
// networks do not reach, while node-api-headers brings the same Node-API from npm.
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesUnder, cacheFolder, makeThenMove } from './cache.mjs'
import { findCompiler } from './machine.mjs'
import { adviseOn, PlainError } from './plain-error.mjs'
import { lastLines, runProgram } from './run-program.mjs'
import { fetchWheel } from './wheel.mjs'

const tensorflowVersion = '2.21.0'

/** @typedef {'cpu' | 'gpu'} Device which build: the GPU's computes on the CPU where there is none */

/** @type {Record<string, import('./wheel.mjs').Wheel>} */
const wheels = {
  'x64-gpu': {
    name: 'tensorflow',
    version: tensorflowVersion,
    platform: 'manylinux_2_27_x86_64',
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    bytes: 570_000_000, // about
  },
  x64: {
    name: 'tensorflow-cpu',
    version: tensorflowVersion,
    platform: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    bytes: 273_829_956,
  },
  arm64: {
    name: 'tensorflow',
    version: tensorflowVersion,
    platform: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    bytes: 280_000_000,
  },
}

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
// The headers that the binding includes, directly or not: 8 MB of the wheel's 300.
const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/']
const members = [
  ...libraries.map((name) => `tensorflow/${name}`),
  ...headers.map((name) => `tensorflow/include/${name}`),
]

/** @param {Device} device */
const buildOf = (device) => (device === 'gpu' ? `${process.arch}-gpu` : process.arch)
/** @param {Device} device */
const unpacked = (device) => join(cacheFolder(), `tensorflow-${tensorflowVersion}-${buildOf(device)}`)

/**
 * @param {Device} device
 * @returns {import('./steps.mjs').Step}
 */
export function tensorflowDownload(device = 'cpu') {
  return {
    title: `TensorFlow ${tensorflowVersion}`,
    isDone: () => isComplete(unpacked(device)),
    async run(report) {
      const wheel = wheels[buildOf(device)]
      if (!wheel)
        throw new PlainError(`There is no TensorFlow for ${buildOf(device)}: use a Linux machine with x64 or arm64.`)
      await makeThenMove(unpacked(device), async (folder) => {
        const contents = join(await fetchWheel(wheel, folder, members, report), 'tensorflow')
        await writeFile(join(contents, 'bytes.json'), JSON.stringify(await sizes(contents)))
        return contents
      })
    },
  }
}

/**
 * The libraries' sizes are compared at every start; hashing 850 MB each time would cost seconds on a cold disk.
 * @param {string} folder
 */
async function isComplete(folder) {
  const record = join(folder, 'bytes.json')
  if (!existsSync(record)) return false
  return (await readFile(record, 'utf8')) === JSON.stringify(await sizes(folder))
}

/** @param {string} folder */
async function sizes(folder) {
  const bytes = await Promise.all(
    libraries.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.size,
        () => 0,
      ),
    ),
  )
  return { libraries: bytes, headers: await bytesUnder(join(folder, 'include')) }
}

/**
 * @param {string} repository
 * @param {Device} device
 * @returns {import('./steps.mjs').Step}
 */
export function tensorflowLink(repository, device = 'cpu') {
  const folder = join(repository, 'node_modules', '@tensorflow', 'tfjs-node-gpu')
  const binding = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')
  const record = join(folder, 'lib', 'napi-v8', 'linked.json')
  const current = async () => {
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return JSON.stringify({ package: version, tensorflow: unpacked(device) })
  }
  return {
    title: 'TensorFlow binding for Node',
    async isDone() {
      if (!existsSync(record) || !existsSync(binding)) return false
      return (await readFile(record, 'utf8')) === (await current())
    },
    async run(report) {
      await linkDependencies(folder, unpacked(device))
      report('compiling')
      await compile(folder, binding)
      report('trying it')
      await tryOut(repository)
      await writeFile(record, await current())
    },
  }
}

/**
 * @param {string} folder the package's
 * @param {string} tensorflow
 */
async function linkDependencies(folder, tensorflow) {
  const deps = join(folder, 'deps')
  await rm(deps, { recursive: true, force: true })
  await mkdir(join(deps, 'lib'), { recursive: true })
  await symlink(join(tensorflow, 'include'), join(deps, 'include'))
  const [all, framework] = libraries.map((name) => join(tensorflow, name))
  await symlink(String(all), join(deps, 'lib', 'libtensorflow.so'))
  await symlink(String(all), join(deps, 'lib', 'libtensorflow_cc.so.2'))
  await symlink(String(framework), join(deps, 'lib', 'libtensorflow_framework.so'))
  await symlink(String(framework), join(deps, 'lib', 'libtensorflow_framework.so.2'))
}

/**
 * The flags are those of the package's binding.gyp.
 * @param {string} folder
 * @param {string} binding
 */
async function compile(folder, binding) {
  const compiler = await findCompiler()
  if (!compiler) throw new PlainError('A C++ compiler is missing: install one (Debian: "apt-get install g++").')
  const output = `${binding}.part`
  await mkdir(join(folder, 'lib', 'napi-v8'), { recursive: true })
  const flags = [
    '-O2',
    '-std=c++17',
    '-fPIC',
    '-shared',
    '-DNAPI_VERSION=8',
    '-DNODE_GYP_MODULE_NAME=tfjs_binding',
    '-DBUILDING_NODE_EXTENSION',
  ]
  const includes = ['-I..', '-Ideps/include', '-I../../node-api-headers/include']
  const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc']
  const linking = ['-Ldeps/lib', '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib']
  const result = await runProgram(compiler, [...flags, ...includes, ...sources, '-o', output, ...linking], {
    cwd: folder,
  })
  if (result.code !== 0) {
    const advice = adviseOn(
      result.output,
      `${compiler} could not compile the TensorFlow binding (it must know C++17; set CXX to another compiler if there is one).`,
    )
    throw new PlainError(`${advice}\n${lastLines(result.output, 12)}`)
  }
  await rename(output, binding)
}

/** @param {string} repository */
async function tryOut(repository) {
  const script =
    "const tf = require('@tensorflow/tfjs-node-gpu'); if (tf.matMul([[3]], [[4]]).dataSync()[0] !== 12) process.exit(3)"
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1' }
  const { code, output } = await runProgram(process.execPath, ['-e', script], { cwd: repository, env })
  if (code !== 0) {
    throw new PlainError(
      `TensorFlow was linked but does not run on this machine (its build needs a processor with AVX on x64).\n${lastLines(output, 12)}`,
    )
  }
}
