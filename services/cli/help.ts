export const help = `Usage: palimpsest COMMAND [FLAGS]

Commands
  learn FILE...       give files or folders of them (PDF, DOCX, HTML, Markdown, text; "-": standard input) and follow
                      their updates
  ask QUESTION        ask it; the answer comes from the weights
  watch UPDATE        follow an update
  versions            what the model was, the newest first
  rollback VERSION    let an older version answer again
  retention           documents by versions, coloured by how many of their questions are answered
  practice            let the model get better at studying, on its documents with questions (hours)
  policies            what wrote the model's self-edits, and which writes now
  policies rollback N let an older one write again
  export [VERSION]    write a version's adapters (the head's without a number) as PEFT folders, which vLLM, PEFT and
                      llama.cpp's convert_lora_to_gguf.py take
  export base         write the base, dequantised, as a Hugging Face folder of safetensors, for the same programs; it is
                      read here, not asked of the service: BASE_MODEL names a GGUF file, a folder or a Hub id, as for
                      the trainer (without it, the embedded base)

Flags
  --model NAME        the model (default); ask and export also take NAME@vN and NAME@ALIAS
  --json              one JSON value a line, nothing else
  --title TEXT        of one file (learn; else its own, its first heading, or its name)
  --review            stop before training, for a look at the self-edits (learn)
  --no-wait           do not follow the update (learn, practice)
  --mode MODE         closed_book, open_book or hybrid (ask)
  --rounds N          of practice (2)
  --candidates N      self-edit sets of each document (practice; 5)
  --strategies        try ways to study before samples (practice)
  --document ID       only the adapter of this document (export)
  --out FOLDER        where the folder goes (export; else MODEL-vN, or BASE-DTYPE); FILE.zip keeps adapters zipped
  --dtype DTYPE       f32, bf16 or f16 (export base; bf16, as the service keeps its matrices by default)
  --overwrite         replace an earlier export (export)
  --url URL           the service (PALIMPSEST_URL, else http://127.0.0.1:8787)
  --help

The key is PALIMPSEST_API_KEY, else the content of PALIMPSEST_HOME/api-key (.palimpsest/api-key), which \`npm start\` writes.

Exit status
  0  done                    3  the service cannot be reached
  1  the service refused     4  an update ended without a promotion
  2  wrong usage
`
