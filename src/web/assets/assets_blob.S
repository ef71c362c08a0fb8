// The bytes of the web application, as tools/pack_assets.py packed them.
    .section .rodata
    .global zhili_assets_begin
    .global zhili_assets_end
    .balign 16
zhili_assets_begin:
    .incbin ZHILI_ASSETS_FILE
zhili_assets_end:
    .byte 0
    .section .note.GNU-stack,"",%progbits
