using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Detection;

/// <summary>Counts calls and throws at every call of one tool, and at what people found harmless.</summary>
internal sealed class ThrowingDetector(string tool) : Detector("throwing", 0.0001, new Feature("calls", "calls"))
{
    public override Baseline CreateBaseline(string agentId) => new Memory(tool);

    public override string Explain(in Finding finding) => "It counts.";

    private sealed class Memory(string tool) : Baseline
    {
        private long _calls;

        public override Finding Score(ToolCall call, AgentWindow window) =>
            call.Tool == tool ? throw new InvalidOperationException("This tool is too much.") : Finding.None;

        public override void Learn(ToolCall call, LearningGate gate) => _calls++;

        public override void Accept(DateTimeOffset since) => throw new InvalidOperationException("Nothing is harmless.");

        public override void Save(MemoryWriter writer) => writer.WriteVariable((ulong)_calls);

        public override void Load(ref MemoryReader reader) => _calls = reader.ReadInt64();
    }
}
