"""What models wrap around what they do not say: samples of each form."""

HARMONY = "<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>final<|message|>"
CALL = '{"name": "search", "arguments": {"q": "x"}}'

THINKING = [
    "<mm:think>plan</mm:think>Yes.",
    "<seed:think>plan</seed:think>Yes.",
    "<a.b-c:thinking>plan</a.b-c:thinking>Yes.",
    "<a:b:think>plan</a:b:think>Yes.",
    "<unused94>plan<unused95>Yes.",
    "Yes.<unused94>plan",
    "<seed:cot_budget_reflect>plan</seed:cot_budget_reflect>Yes.",
    "<reasoning>plan</reasoning>Yes.",
    "<scratchpad>plan</scratchpad>Yes.",
    "<analysis>plan</analysis>Yes.",
    "<inner_monologue>plan</inner_monologue>Yes.",
    "<innerMonologue>plan</INNER-MONOLOGUE>Yes.",
    "[THINK]plan[/THINK]Yes.",
    "[think]plan[/think]Yes.",
    "◁think▷plan◁/think▷Yes.",
    "◁ Think ▷plan◁ / Think ▷Yes.",
    f"{HARMONY}Yes.<|return|>",
    f"<|start|>assistant{HARMONY}Yes.",
    "<|channel|>analysis<|message|>plan<|end|>Yes.",
    "plan<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
    "<|channel>thought\nplan<channel|>Yes.",
    "plan<channel|>Yes.",
    "<think>plan</think><final>Yes.</final>",
    "<think>plan</think><|channel|>final<|message|>Yes.",
    '<think level="1" deep=yes>plan</think>Yes.',
    "<THINK\n a='1'>plan</think\n>Yes.",
    "< think >plan</ think >Yes.",
    "<think>plan</thinking>Yes.",
    "plan</mm:think>Yes.",
    "plan[/THINK]\n\nYes.",
    "plan◁/think▷Yes.",
    "<|begin_of_thought|>plan<|end_of_thought|><|begin_of_solution|>Yes.<|end_of_solution|>",
    "<|START_THINKING|>plan<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
    "<｜think｜>plan<｜/think｜>Yes.",
    "<|im_start|>assistant\n<think>plan</think>Yes.<|im_end|>",
    "<|begin|>assistant<|think|>plan<|end|>Yes.<|end|>",
    "<|inner_prefix|>plan<|inner_suffix|>Yes.",
    '<details type="reasoning" done="true">plan</details>Yes.',
    "<think>\nplan\n</think>\n\nYes.",
    "Yes.\n\n<think>plan",
    "Yes.<reasoning>plan",
    "Yes. [THINK]plan",
    "Yes.<|channel|>analysis<|message|>plan",
    "Yes.<|channel>thought plan",
    "Yes.\n◁think▷plan",
]

DSML = '<｜DSML｜invoke name="f"><｜DSML｜parameter name="c">x</｜DSML｜parameter></｜DSML｜invoke>'
DEEP = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>exec\n```json\n{}\n```<｜tool▁call▁end｜>"
PLAIN_BARS = DEEP.replace("｜", "|")
KIMI = f"<|tool_call_begin|>{CALL}<|tool_call_end|>"
CALLS = [
    f"<tool_call>\n{CALL}\n</tool_call>",
    f"<tool_call>\n{CALL}",
    f"<TOOLCALL>[{CALL}]</TOOLCALL>",
    f"<tool_calls>{CALL}</tool_calls>",
    f"<minimax:tool_call>{CALL}</minimax:tool_call>",
    '<function_calls><invoke name="f"><parameter name="c">x</parameter></invoke></function_calls>',
    '<function_calls><invoke name="exec">ls</function_calls>',
    '<invoke name="exec"><parameter name="cmd">ls</parameter></invoke>',
    '<ns:function_calls><ns:invoke name="exec">ls</ns:invoke></ns:function_calls>',
    '<function=exec>{"cmd": "ls"}</function>',
    "<tool_call><function=exec><parameter=cmd>ls</parameter></function></tool_call>",
    f"<｜DSML｜function_calls>{DSML}</｜DSML｜function_calls>",
    '<｜DSML｜invoke name="exec">ls',
    f"<｜tool▁calls▁begin｜>{DEEP}<｜tool▁calls▁end｜><｜end▁of▁sentence｜>",
    f"<｜tool▁calls▁begin｜>{CALL}",
    f"<|tool▁calls▁begin|>{PLAIN_BARS}<|tool▁calls▁end|>",
    f"<|tool_calls_section_begin|>{KIMI}<|tool_calls_section_end|>",
    f"<|tool_call|>[{CALL}]",
    f"<|tool_call|>[{CALL}]<|/tool_call|>",
    "<|tool_call>call:exec{cmd:ls}<tool_call|>",
    f"[TOOL_CALLS][{CALL}]",
    f"[TOOL_CALLS]exec[ARGS]{CALL}",
    "<|python_start|>exec(cmd='ls')<|python_end|>",
    "<|python_tag|>exec.call(cmd='ls')<|eom_id|>",
    f"<|channel|>commentary to=functions.exec<|message|>{CALL}<|call|>",
    f"<|START_ACTION|>[{CALL}]<|END_ACTION|>",
    '<tool_call name="exec"/>',
]

SIGNS = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end|>", "<｜end▁of▁sentence｜>"]
SIGNS += [
    "<｜User｜>",
    "<｜end of sentence｜>",
    "</s>",
    "<end_of_turn>",
    "<start_of_turn>",
    "<|x-y.z|>",
]
SIGNS += ["<|IM_END|>", "<|assistant|>", "<|begin_of_box|>", "<turn|>", "<|message|>", "</|x|>"]
SIGNS += ["[|endofturn|]", "[|assistant|]"]

OPENERS = {
    "<think>": "</think>",
    "<x:thinking a='b'>": "</x:thinking>",
    "<reasoning>": "</reasoning>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<tool_call>": "</tool_call>",
    "<｜DSML｜function_calls>": "</｜DSML｜function_calls>",
    "<|channel|>analysis<|message|>": "<|end|>",
    "<|channel>thought": "<channel|>",
    "<｜tool▁calls▁begin｜>": "<｜tool▁calls▁end｜>",
}
