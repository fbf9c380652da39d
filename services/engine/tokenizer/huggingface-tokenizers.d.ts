// The part of `@huggingface/tokenizers` we call. Its own declarations import without file extensions, which NodeNext
// resolution cannot follow, so every type of it would be an error type.
declare module '@huggingface/tokenizers' {
  export class Tokenizer {
    constructor(tokenizer: object, config: object)
    encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] }
    decode(ids: number[], options: { skip_special_tokens: boolean }): string
    get_vocab(): Map<string, number>
  }
}
