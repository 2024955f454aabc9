"""Words of work without a connection."""

WORDS = {
    "offline": {
        "title": ("离线办理", "Work without a connection"),
        "short": ("离线", "Offline"),
        "lead": (
            "把您的待办保存在本机，没有网络时也能填写、拍照、留言和完成；恢复网络后自动按顺序发送，每项只办一次。",
            "Keeps your tasks on this device: fill in, take photos, comment and complete without a connection. "
            "It is all sent by itself when the connection is back, in order, each once.",
        ),
        "device": ("本机", "This device"),
        "own_device": (
            "只在您自己的设备上开启。退出登录后，客户资料会从本机删除。",
            "For a device of your own. Customers' data leave it when you sign out.",
        ),
        "turn_on": ("在本机保存我的待办", "Keep my tasks on this device"),
        "turn_off": ("不再保存在本机", "Keep them here no longer"),
        "refresh": ("立即更新", "Refresh now"),
        "filling": ("正在保存……", "Keeping ..."),
        "ready": (
            "已保存 {tasks} 项待办（{size}），内容截至 {when}。",
            "{tasks} of your tasks are kept ({size}), as of {when}.",
        ),
        "limits": (
            "最多 {tasks} 项待办、{megabytes} MB；超过 {hours} 小时未更新的内容会被删除。",
            "At most {tasks} tasks and {megabytes} MB; what has not been refreshed for {hours} hours is thrown away.",
        ),
        "left_out": (
            "另有一些待办或文件超出上限，没有保存。",
            "Some tasks or files were beyond the limit and are not kept.",
        ),
        "off": ("本机没有保存待办。", "No tasks are kept on this device."),
        "impossible": (
            "此浏览器不能离线保存：需要较新的浏览器和安全连接（HTTPS）。",
            "This browser cannot keep them: that takes a recent browser and a secure connection (HTTPS).",
        ),
        "waiting": ("等待发送", "Waiting to be sent"),
        "nothing_waits": ("没有等待发送的内容。", "Nothing waits to be sent."),
        "send_now": ("立即发送", "Send now"),
        "what_complete": ("完成", "Completed"),
        "what_draft": ("草稿", "Draft"),
        "what_comment": ("留言", "Comment"),
        "what_add_file": ("附件", "Files"),
        "state_waiting": ("等待发送", "Waits to be sent"),
        "state_conflict": ("有冲突", "Conflict"),
        "state_refused": ("未被接受", "Not accepted"),
        "conflict_lead": (
            "没有办理，也没有覆盖别人的内容。您填写的内容保留如下。",
            "It was not done, and nobody's work was overwritten. What you entered is kept below.",
        ),
        "refused_lead": (
            "请修改后再发送。您填写的内容保留如下。",
            "Please mend it and send it again. What you entered is kept.",
        ),
        "unreadable": (
            "无法读取：服务器的密钥已更换，只能丢弃。",
            "It cannot be read any more, for the server's key was changed: it can only be thrown away.",
        ),
        "entered": ("您填写的内容", "What you entered"),
        "reopen": ("重新打开", "Open again"),
        "discard": ("丢弃", "Throw away"),
        "discard_sure": ("确定丢弃？", "Throw it away for good?"),
        "strip_kept": ("没有网络 · 内容截至 {when}", "No connection · as of {when}"),
        "strip_waiting": ("{n} 项等待发送", "{n} waiting to be sent"),
        "strip_trouble": ("{n} 项需要处理", "{n} to look at"),
        "strip_signed_out": ("请重新登录后发送", "sign in again to send"),
        "strip_back": ("网络已恢复 · 重新载入", "The connection is back · load again"),
        "kept_here": (
            "已保存在本机，恢复网络后自动发送。",
            "Kept on this device; it is sent by itself when the connection is back.",
        ),
        "draft_here": ("已保存在本机（{when}）", "Kept on this device ({when})"),
        "done_here": (
            "您已于 {when} 在本机完成，等待发送。",
            "You completed this on this device ({when}); it waits to be sent.",
        ),
        "lost": ("现在的表单中没有这些字段，您填写的内容：", "The form no longer has these fields; you had entered:"),
        "needed": ("请填写必填项：", "Please fill these in:"),
        "online_only": ("这一操作需要网络。", "This needs a connection."),
        "page_online_only": ("这个页面需要网络。", "That page needs a connection."),
        "too_large": (
            "文件总共不能超过 {megabytes} MB，请减少或缩小。",
            "The files may not be larger than {megabytes} MB together; take fewer or smaller ones.",
        ),
        "not_kept": (
            "未能保存在本机：存储空间可能已满。您填写的内容仍在页面上。",
            "It could not be kept on this device: there may be no room left. What you entered still stands here.",
        ),
        "chosen": ("已选文件", "Files chosen"),
        "take_out": ("移除", "Take out"),
        "leave_title": ("还有内容没有发送", "Something still waits to be sent"),
        "leave_lead": (
            "退出后，这些内容加密保存在本机，只有您重新登录才能看到和发送；其余客户资料会被删除。",
            "After you sign out it stays on this device, sealed: only you can see and send it when you sign in again. "
            "All other customers' data are removed.",
        ),
        "leave_anyway": ("仍要退出", "Sign out anyway"),
        "leave_offline": (
            "没有网络，无法完成退出：本机的客户资料已删除，恢复网络后会自动退出。",
            "Without a connection signing out cannot be finished: the data are gone from this device, "
            "and you are signed out as soon as the connection is back.",
        ),
        "gone": (
            "此待办已不归您办理：可能已交给他人，或办件已结束。",
            "This task is not with you any more: it was given to somebody else, or its case is over.",
        ),
        "signed_out": ("登录已过期，请重新登录。", "You are signed out: please sign in again."),
        "none": ("没有网络连接", "No connection"),
        "none_lead": (
            "这个页面没有保存在本机。恢复网络后请重试。",
            "This page is not kept on this device. Try again when the connection is back.",
        ),
        "try_again": ("重试", "Try again"),
    },
}
