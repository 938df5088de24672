using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Statistics;

namespace AgentSentinel.Core.Detectors;

/// <summary>Options of <see cref="Repetition"/>.</summary>
public sealed record RepetitionOptions
{
    /// <summary>Whether the detector runs.</summary>
    [Description("Whether runs of one call, and of one write over many resources, are scored.")]
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the false-alert budget.</summary>
    [Description("Share of the false-alert budget, over 0 up to 1.")]
    [Range(0.0001, 1.0)]
    public double BudgetShare { get; init; } = 0.07;
}

/// <summary>
/// An agent makes the same call again and again, or does the same to one resource after the other faster than anybody could read what it does: it runs in
/// a loop, or somebody uses it to do as much as possible before it is stopped.
/// </summary>
/// <remarks>
/// <para>
/// Within a session calls are a renewal process: with the chance ρ a call begins a run, and a run goes on with the chance q. A run of r steps has the
/// probability ρ·q₂·…·q_r, and its return period is one over that times the agent's calls in a day. ρ and q depend on whether the call before failed, and whether
/// it reads or changes something: to try again what failed is ordinary, to do again what was done is not. Three kinds are counted apart: repeats of one call (same
/// tool, resources and arguments), such repeats within <see cref="Rapid"/>, and one tool on other resources each time within <see cref="MachineSpeed"/>.
/// </para>
/// <para>
/// Both chances are the agent's own, with those of its peers that use the tool as prior, and with those of all agents as theirs: gamma and beta priors,
/// hence heavier tails than independent steps would have. A spread over resources that the agent had not changed lately is rarer, by as much as its calls seldom
/// bring such a one, up to ten times. Agents differ by orders of magnitude in how often they begin a run, so that one which never did is compared
/// with others that never did until then. Who always polls is not told. A run teaches when it is over, unless it raised an alarm; runs that do so on several days
/// are a new regime and teach too.
/// </para>
/// </remarks>
internal sealed class Repetition(RepetitionOptions options, FingerprintCache names) : Detector(
    "repetition",
    options.BudgetShare,
    new Feature("repeats_in_a_row", "immediate repeats of one call"),
    new Feature("rapid_repeats", "immediate repeats of one call, each within two seconds"),
    new Feature("rapid_spread", "calls in a row that do the same to one resource after the other, at machine speed"))
{
    public const int Repeats = 0;
    public const int RapidRepeats = 1;
    public const int Spread = 2;
    public const int Kinds = 3;

    /// <summary>Classes of the call before: whether it failed, and whether it changes something.</summary>
    public const int Classes = 4;

    public const int Failed = 1;
    private const int Consequential = 2;

    // What no model has thought about, and what nobody has read.
    public static readonly long Rapid = TimeSpan.FromSeconds(2).Ticks;
    public static readonly long MachineSpeed = TimeSpan.FromMilliseconds(150).Ticks;

    // Calls that are remembered of all agents, and with one tool.
    private const float KeepOfAll = 1 - 1e-6f;
    private const float KeepOfTool = 1 - 1e-4f;
    private const int ToolPlaces = 448;

    // Before anything is known: one call in a hundred begins a run, every second step goes on.
    private const double PriorBegin = 0.01;
    private const double PriorGoOn = 0.5;

    // How the budget is split over the kinds.
    private static readonly double[] Shares = [0.2, 0.3, 0.5];

    // However long nobody did: an agent may begin to look again and again for something, at a pace at which it can think about it.
    private const double LeastBegin = 1e-6;
    private const double LeastBeginOfSlowReads = 5e-5;
    private const double LeastBeginOfSlowActions = 1e-5;

    private readonly RunRates[] _all = new RunRates[RunRates.Experiences * Kinds * Classes];

    // By the tool's fingerprint, 288 bytes each; tools that fall into the same place share it. Whether it changes something is the tool's own.
    private readonly RunRates[] _tools = new RunRates[ToolPlaces * RunRates.Experiences * Kinds * 2];

    /// <summary>Fingerprints of names, by the deployment's key.</summary>
    public FingerprintCache Names { get; } = names;

    /// <summary>By how many decades the latest step of the finding scored last made it more surprising: work space of the memory that scored it.</summary>
    public double LatestStep { get; set; }

    /// <summary>Whether the run of that finding came to a resource that the agent had not changed lately: work space too.</summary>
    public bool LatestHasNew { get; set; }

    public override string Family => "sequence";

    public override Baseline CreateBaseline(string agentId) => new RepetitionMemory(this);

    public override string Explain(in Finding finding) => Sentence.Of(finding.Feature == Spread
        ? $"{finding.Dimension} was called on {finding.Observed + 1:0} resources in a row, faster than anybody could read what it does; usual is at most {finding.ExpectedHigh:0} in a row{(LatestHasNew ? "; at least one of them it had not changed lately" : "")}"
        : (FormattableString)$"{finding.Dimension} was called {finding.Observed + 1:0} times in a row with the same input; usual is at most {finding.ExpectedHigh:0} repeats");

    public override void Save(MemoryWriter writer)
    {
        foreach (ref readonly var rates in _all.AsSpan())
        {
            rates.Save(writer);
        }

        var used = 0;
        foreach (var rates in _tools)
        {
            used += rates.IsEmpty ? 0 : 1;
        }

        writer.WriteVariable((ulong)used);
        for (var i = 0; i < _tools.Length; i++)
        {
            if (!_tools[i].IsEmpty)
            {
                writer.WriteVariable((ulong)i);
                _tools[i].Save(writer);
            }
        }
    }

    public override void Load(ref MemoryReader reader)
    {
        foreach (ref var rates in _all.AsSpan())
        {
            rates = RunRates.Load(ref reader);
        }

        for (var left = reader.ReadUpTo(_tools.Length); left > 0; left--)
        {
            _tools[(int)reader.ReadUpTo(_tools.Length - 1)] = RunRates.Load(ref reader);
        }
    }

    /// <summary>Never 0, which stands for none.</summary>
    public uint ToolOf(ToolCall call) => Math.Max(1, (uint)Names.ToolOf(call));

    /// <summary>Of a call that names its session; never 0, which stands for none.</summary>
    public uint SessionOf(ToolCall call) => Math.Max(1, (uint)Names.SessionOf(call));

    /// <summary>Tool and input as far as told; 0, which equals no call, when nothing is told of the input.</summary>
    public uint InputOf(ToolCall call)
    {
        if (call.Arguments.IsEmpty && call.Resources.IsEmpty && call.RequestBytes is null)
        {
            return 0;
        }

        var input = Names.ToolOf(call);
        foreach (var resource in call.Resources)
        {
            input = TextTokens.Pair(input, Names.Of(resource));
        }

        input = TextTokens.Pair(input, call.Arguments.IsEmpty ? BitConverter.DoubleToUInt64Bits(call.RequestBytes ?? -1) : Fingerprint.Of(Names.Key, call.Arguments.Span));
        return Math.Max(1, (uint)input);
    }

    public static byte ClassOf(ToolCall call) => (byte)((call.HasFailed ? Failed : 0) | (Lineage.IsConsequential(call.Action) ? Consequential : 0));

    public static bool IsConsequential(int callClass) => (callClass & Consequential) != 0;

    public static byte ReadClass(ref MemoryReader reader) => reader.ReadByte() is var read && read < Classes ? read : throw reader.Damaged("a class of calls that is none");

    public static int PlaceOf(int kind, int callClass) => (kind * Classes) + callClass;

    /// <summary>−log10 of the chance that a run begins after a call of this class.</summary>
    public double Begin(in RunRates own, int kind, int callClass, uint tool)
    {
        var experience = own.Experience;
        var all = BeginOfAll(experience, kind, callClass);
        var least = kind != Repeats ? LeastBegin : IsConsequential(callClass) ? LeastBeginOfSlowActions : LeastBeginOfSlowReads;
        return -Math.Log10(Math.Max(own.Begin(OfTool(experience, kind, callClass, tool).Begin(all)), least));
    }

    /// <summary>−log10 of the chance that it goes on once more.</summary>
    /// <param name="own">What was counted of the agent.</param>
    /// <param name="again">How often the agent calls a tool again at all: a spread is no likelier to go on, unless it was seen to.</param>
    /// <param name="kind">Kind of the run.</param>
    /// <param name="callClass">Class of the latest call.</param>
    /// <param name="tool">Name of the tool.</param>
    /// <param name="length">How often the run has gone on already.</param>
    public double GoOn(in RunRates own, in RunRates again, int kind, int callClass, uint tool, int length)
    {
        var elsewhere = OfTool(RunRates.Experienced, kind, callClass, tool).GoOn(OfAll(RunRates.Experienced, kind, callClass).GoOn(PriorGoOn));
        var otherwise = kind == Spread ? Math.Min(elsewhere, again.GoOn(PriorGoOn)) : elsewhere;
        return -Math.Log10(RunRates.GoOnAfter(own.GoOn(otherwise), length));
    }

    /// <summary>Tells of a call that began a run, or could have, before it is counted for the agent.</summary>
    public void TellPeersOfCall(in RunRates own, int kind, int callClass, uint tool, bool begins)
    {
        var experience = own.Experience;
        OfAll(experience, kind, callClass).CountCall(KeepOfAll, begins);
        OfTool(experience, kind, callClass, tool).CountCall(KeepOfTool, begins);
    }

    public void TellPeersOfSteps(int kind, int callClass, uint tool, int goneOn, int ended)
    {
        OfAll(RunRates.Experienced, kind, callClass).CountSteps(KeepOfAll, goneOn, ended);
        OfTool(RunRates.Experienced, kind, callClass, tool).CountSteps(KeepOfTool, goneOn, ended);
    }

    public static Finding Rate(int kind, double decades, double callsPerDay, int length, int usual, string tool) =>
        Finding.OfTrials(kind, decades, callsPerDay / Shares[kind], length, 0, usual, tool);

    /// <summary>
    /// Chance that a run begins, over all agents. Whoever repeats a call at once repeats it, and what was done is done again less often than what was read is read
    /// again: while little is known of the narrower, the wider is its prior.
    /// </summary>
    private double BeginOfAll(int experience, int kind, int callClass)
    {
        var wider = kind switch
        {
            RapidRepeats => BeginOfAll(experience, Repeats, callClass),
            Repeats when IsConsequential(callClass) => BeginOfAll(experience, Repeats, callClass & ~Consequential),
            _ => PriorBegin,
        };
        return OfAll(experience, kind, callClass).Begin(wider);
    }

    private ref RunRates OfAll(int experience, int kind, int callClass) => ref _all[(experience * Kinds * Classes) + PlaceOf(kind, callClass)];

    private ref RunRates OfTool(int experience, int kind, int callClass, uint tool) =>
        ref _tools[((((int)(tool % ToolPlaces) * RunRates.Experiences) + experience) * Kinds * 2) + (kind * 2) + (callClass & Failed)];
}
