using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Detection;

/// <summary>Finds every call and every window as odd as can be, and remembers how much it was let learn.</summary>
internal sealed class LoudDetector(string name = "loud", string? family = null) : Detector(name, 0.1, new Feature(name + "_calls", "calls"))
{
    internal List<LearningGate> Gates { get; } = [];

    public override string Family => family ?? Name;

    public override Baseline CreateBaseline(string agentId) => new Memory(this);

    public override string Explain(in Finding finding) => "Everything is odd.";

    private sealed class Memory(LoudDetector detector) : Baseline
    {
        private static readonly Finding Odd = Finding.OfTrials(0, 30, 1, 1, 0, 0);

        public override Finding Score(ToolCall call, AgentWindow window) => Odd;

        public override Finding Score(AgentWindow window) => Odd;

        public override void Learn(ToolCall call, LearningGate gate) => detector.Gates.Add(gate);

        public override EvidenceDetail Detail(in Finding finding) => new(Caveat: "Always loud.");

        public override void Save(MemoryWriter writer) => writer.WriteByte(1);

        public override void Load(ref MemoryReader reader) => reader.ReadByte();
    }
}
