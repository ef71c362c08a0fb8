import { ref } from 'vue'
import { useWords } from '../i18n'
import { photos } from '../lib/draft'
import { madeSmall, PHOTO_BYTES_MAX, PHOTOS_MAX } from '../lib/photoStore'

const MB = 1024 * 1024

/**
 * Takes the chosen files into the draft; says which one was not taken, why, and what to do. `adding`: some are still being made
 * small; `added` waits for all of them, so that whoever goes on at once takes them along.
 */
export function useAddPhotos() {
  const { t } = useWords()
  const fault = ref('')
  const adding = ref(false)
  let last: Promise<boolean> = Promise.resolve(false)

  function add(event: Event): Promise<boolean> {
    const input = event.target as HTMLInputElement
    const files = [...(input.files ?? [])]
    input.value = ''
    adding.value = true
    const mine: Promise<boolean> = last.catch(() => false).then(() => take(files)).finally(() => { if (mine === last) adding.value = false })
    return (last = mine)
  }

  async function take(files: File[]): Promise<boolean> {
    fault.value = ''
    let taken = false
    for (const file of files) {
      const n = photos.value.length + 1
      if (n > PHOTOS_MAX) { fault.value = t('photo.tooMany', { max: PHOTOS_MAX }); break }
      const made = await madeSmall(file)
      if (made === 'size') fault.value = t('photo.tooLarge', { n, mb: Math.ceil(file.size / MB), max: PHOTO_BYTES_MAX / MB })
      else if (made === 'kind') fault.value = t('photo.notPicture', { n, name: file.name })
      else { photos.value = [...photos.value, made]; taken = true }
    }
    return taken
  }
  const added = (): Promise<boolean> => last
  return { fault, adding, add, added }
}
