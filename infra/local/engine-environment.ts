// What a process that holds a base is started with beside its configuration; infra/container/Dockerfile has the same.

/**
 * glibc raises the size from which it asks the kernel for memory of its own to that of the largest block it was given back,
 * up to 32 MiB. What a base is made of while it is loaded then stays in the heap. A fixed size, in bytes, above nearly all
 * tensors of a step lets it go: 70 MB less at the peak of the embedded base's inference (docs/engine.md).
 */
export const ENGINE_ENVIRONMENT = { MALLOC_MMAP_THRESHOLD_: String(16 * 2 ** 20) } as const
