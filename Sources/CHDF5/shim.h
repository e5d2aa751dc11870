// HDF5 for Swift: what the library spells as macros, and the file that is built in memory.
//
// Names such as H5T_IEEE_F32LE are macros over globals that H5open() fills in. Swift cannot see them,
// so each one used here has a function of the same meaning. Nothing else is renamed: all other calls
// are the library's own.

#ifndef MNEME_CHDF5_SHIM_H
#define MNEME_CHDF5_SHIM_H

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#pragma clang assume_nonnull begin

// Types as they stand in a file: always little-endian, whatever the machine.
static inline hid_t hdf5_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t hdf5_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t hdf5_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t hdf5_int32(void) { return H5T_STD_I32LE; }
static inline hid_t hdf5_uint32(void) { return H5T_STD_U32LE; }
static inline hid_t hdf5_int64(void) { return H5T_STD_I64LE; }
static inline hid_t hdf5_uint64(void) { return H5T_STD_U64LE; }
static inline hid_t hdf5_object_reference(void) { return H5T_STD_REF_OBJ; }
static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }

// The same types as they stand in this machine's memory.
static inline hid_t hdf5_memory_float32(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_memory_float64(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t hdf5_memory_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t hdf5_memory_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t hdf5_memory_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t hdf5_memory_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t hdf5_memory_uint64(void) { return H5T_NATIVE_UINT64; }

// Classes of property lists, and the list that means "the usual".
static inline hid_t hdf5_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t hdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t hdf5_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t hdf5_default(void) { return H5P_DEFAULT; }

static inline unsigned hdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned hdf5_exclusive(void) { return H5F_ACC_EXCL; }
static inline unsigned hdf5_tracks_creation_order(void) { return H5P_CRT_ORDER_TRACKED; }
static inline hid_t hdf5_all(void) { return H5S_ALL; }
static inline size_t hdf5_variable_length(void) { return H5T_VARIABLE; }
static inline unsigned hdf5_creation_order(void) { return H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED; }

// Address and kind of an open object; addresses name objects within one file.
static inline herr_t hdf5_object(hid_t id, haddr_t *address, H5O_type_t *type) {
  H5O_info_t information = {0};
  herr_t status = H5Oget_info2(id, &information, H5O_INFO_BASIC);
  *address = information.addr;
  *type = information.type;
  return status;
}

static inline herr_t hdf5_attribute_count(hid_t id, hsize_t *count) {
  H5O_info_t information = {0};
  herr_t status = H5Oget_info2(id, &information, H5O_INFO_NUM_ATTRS);
  *count = information.num_attrs;
  return status;
}

// What HDF5 says went wrong, innermost call first: the description nearest to the cause.
static inline herr_t hdf5_first_description(unsigned n, const H5E_error2_t *entry, void *_Nullable text) {
  if (n == 0 && text && entry->desc) strncpy((char *)text, entry->desc, 255);
  return 0;
}
static inline void hdf5_reason(char text[_Nonnull 256]) {
  memset(text, 0, 256);
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, hdf5_first_description, text);
}

// A file that is built in memory: the core driver without a backing file. H5Fget_file_image of 1.10.8
// is no use here: it forgets the user block and leaves a superblock whose checksum is wrong. So the
// driver's own buffer is kept when it is let go of at the file's close, when it is finished.
typedef struct {
  unsigned char *_Nullable bytes;
  size_t capacity;
} hdf5_image;

static inline void *_Nullable hdf5_image_malloc(size_t size, H5FD_file_image_op_t operation,
                                                void *_Nullable image) {
  (void)operation;
  (void)image;
  return malloc(size);
}
static inline void *_Nullable hdf5_image_memcpy(void *_Nullable to, const void *_Nullable from, size_t size,
                                                H5FD_file_image_op_t operation, void *_Nullable image) {
  (void)operation;
  (void)image;
  return memcpy(to, from, size);
}
static inline void *_Nullable hdf5_image_realloc(void *_Nullable bytes, size_t size,
                                                 H5FD_file_image_op_t operation, void *_Nullable image) {
  (void)operation;
  ((hdf5_image *)image)->capacity = size;
  return realloc(bytes, size);
}
static inline herr_t hdf5_image_free(void *_Nullable bytes, H5FD_file_image_op_t operation,
                                     void *_Nullable image) {
  if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE)
    ((hdf5_image *)image)->bytes = (unsigned char *)bytes;
  else
    free(bytes);
  return 0;
}
static inline void *_Nullable hdf5_image_share(void *_Nullable image) { return image; }
static inline herr_t hdf5_image_unshare(void *_Nullable image) {
  (void)image;
  return 0;
}

// Makes files of this access list live in memory; their bytes are in `image` after H5Fclose.
static inline herr_t hdf5_keep_in_memory(hid_t access, size_t increment, hdf5_image *image) {
  if (H5Pset_fapl_core(access, increment, 0) < 0) return -1;
  H5FD_file_image_callbacks_t callbacks = {
      hdf5_image_malloc, hdf5_image_memcpy,  hdf5_image_realloc, hdf5_image_free,
      hdf5_image_share,  hdf5_image_unshare, image};
  return H5Pset_file_image_callbacks(access, &callbacks);
}

#pragma clang assume_nonnull end

#endif
