// The parts of Element Plus that we use, each with its own style; nothing else is bundled.
import 'element-plus/es/components/button/style/css'
import 'element-plus/es/components/dialog/style/css'
import 'element-plus/es/components/drawer/style/css'
import 'element-plus/es/components/input/style/css'
import 'element-plus/es/components/option/style/css'
import 'element-plus/es/components/popover/style/css'
import 'element-plus/es/components/segmented/style/css'
import 'element-plus/es/components/select/style/css'
import 'element-plus/es/components/skeleton/style/css'
import 'element-plus/es/components/skeleton-item/style/css'

export { ElButton, ElDialog, ElDrawer, ElInput, ElOption, ElPopover, ElSegmented, ElSelect, ElSkeleton, ElSkeletonItem } from 'element-plus'
