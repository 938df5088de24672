using System.Runtime.CompilerServices;
using AgentSentinel.Core.Detection;
using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Detectors;

/// <summary>What <see cref="Repetition"/> knows of one agent: 392 bytes and 64 for each session that is open, at most 8.</summary>
internal sealed class RepetitionMemory(Repetition detector) : Baseline
{
    private const int MostCalls = 1_000_000_000;

    // Calls of each class that are remembered: some two thousand.
    private const float Keep = 0.9995f;

    // One repeat may be anything.
    private const int LeastLength = 2;

    // A dozen says what there is to say: an agent that does nothing else has one endless run, which is no more of a surprise every day.
    private const int MostTelling = 12;

    // Runs that raise alarms on so many days, over so long, and never so long apart, are a new regime.
    private const int RegimeDays = 3;
    private const int RegimeGap = 14;

    private RatesByPlace _rates;

    // How often the agent calls a tool that changes something again at once, at whatever pace.
    private RunRates _again;
    private ChangedResources _changed;
    private OpenSessions<RunPosition> _open = new();
    private DayRate _reads;
    private DayRate _actions;

    // Of both sorts.
    private DayRate _failures;
    private int _day;
    private int _firstTold;
    private int _latestTold;
    private int _daysTold;
    private AgentVersion _version;

    public override Finding Score(ToolCall call, AgentWindow window)
    {
        if (call.Kind != CallKind.ToolCall || Find(call) is not (>= 0 and var at))
        {
            return Finding.None;
        }

        ref readonly var position = ref _open[at];
        if (position.Tool != detector.ToolOf(call))
        {
            return Finding.None;
        }

        var input = detector.InputOf(call);
        var finding = Finding.None;
        for (var kind = 0; kind < Repetition.Kinds; kind++)
        {
            if (!GoesOn(kind, call, input, position) || position.Runs[kind].Length < LeastLength - 1)
            {
                continue;
            }

            var length = position.Runs[kind].Length + 1;
            var (step, bringsNew) = Step(kind, call, position);
            var callsPerDay = TrialsPerDay(position.Runs[kind].BeganAfter);
            var now = Repetition.Rate(kind, position.Runs[kind].Decades + step, callsPerDay, length, UsualLength(kind, position, callsPerDay), call.Tool);
            if (now.LogReturnPeriod > finding.LogReturnPeriod)
            {
                (finding, detector.LatestStep, detector.LatestHasNew) = (now, step, bringsNew || position.Runs[kind].HasNew);
            }
        }

        return finding;
    }

    public override void Learn(ToolCall call, LearningGate gate)
    {
        if (call.Kind != CallKind.ToolCall)
        {
            return;
        }

        if (gate == LearningGate.Open && _version.Note(call, detector.Names))
        {
            foreach (ref var rates in (Span<RunRates>)_rates)
            {
                rates.Scale(AgentVersion.Kept);
            }

            _again.Scale(AgentVersion.Kept);
            _changed.Scale(AgentVersion.Kept);
        }

        CountDay(call, gate);
        var input = detector.InputOf(call);
        ref var position = ref PositionOf(call, gate);
        if (gate == LearningGate.Open && position.Tool != 0 && Repetition.IsConsequential(position.Class))
        {
            var isAgain = detector.ToolOf(call) == position.Tool;
            _again.CountSteps(Keep, isAgain ? 1 : 0, isAgain ? 0 : 1);
        }

        for (var kind = 0; position.Tool != 0 && kind < Repetition.Kinds; kind++)
        {
            ref var run = ref position.Runs[kind];
            if (GoesOn(kind, call, input, position))
            {
                Extend(kind, call, ref run, position, gate);
            }
            else if (run.Length > 0)
            {
                End(kind, ref run, position, hasEnded: true, gate);
            }
            else if (gate == LearningGate.Open && MayGoOn(kind, position))
            {
                CountCall(kind, position.Class, position.Tool, begins: false);
            }
        }

        if (gate == LearningGate.Open && Lineage.IsConsequential(call.Action))
        {
            _changed.Learn(call, detector.Names);
        }

        (position.Tool, position.Input, position.Class) = (detector.ToolOf(call), input, Repetition.ClassOf(call));
        position.LastTicks = Math.Max(position.LastTicks, call.Time.UtcTicks);
    }

    public override void Accept(DateTimeOffset since)
    {
        // What goes on teaches when it is over, and what comes next is a regime.
        foreach (ref var position in _open.All)
        {
            foreach (ref var run in (Span<RunPosition.Run>)position.Runs)
            {
                run.IsSuspicious = false;
            }
        }

        if (_latestTold > 0 && _latestTold >= DayOf(since.UtcTicks))
        {
            (_firstTold, _daysTold) = (_latestTold - RegimeDays, RegimeDays);
        }
    }

    public override EvidenceDetail Detail(in Finding finding) => new(
        _version.Caveat("what other agents do with the tool stands in"),
        null,
        finding.Observed <= LeastLength || finding.LogReturnPeriod - detector.LatestStep < detector.LogThreshold
            ? Sentence.Of($"{finding.Observed - 1:0} in a row would not have been told")
            : Sentence.Of($"{finding.Observed - 1:0} in a row would have been {detector.LatestStep:0.0} decades less of a surprise"));

    public override void Save(MemoryWriter writer)
    {
        foreach (ref readonly var rates in (ReadOnlySpan<RunRates>)_rates)
        {
            rates.Save(writer);
        }

        _again.Save(writer);
        _changed.Save(writer);
        _reads.Save(writer);
        _actions.Save(writer);
        _failures.Save(writer);
        writer.WriteVariable((ulong)_day);
        writer.WriteVariable((ulong)_firstTold);
        writer.WriteVariable((ulong)_latestTold);
        writer.WriteVariable((ulong)_daysTold);
        _version.Save(writer);
        _open.Save(writer);
    }

    public override void Load(ref MemoryReader reader)
    {
        foreach (ref var rates in (Span<RunRates>)_rates)
        {
            rates = RunRates.Load(ref reader);
        }

        _again = RunRates.Load(ref reader);
        _changed = ChangedResources.Load(ref reader);
        _reads = DayRate.Load(ref reader);
        _actions = DayRate.Load(ref reader);
        _failures = DayRate.Load(ref reader);
        _day = (int)reader.ReadUnits(TimeSpan.TicksPerDay);
        _firstTold = (int)reader.ReadUnits(TimeSpan.TicksPerDay);
        _latestTold = (int)reader.ReadUnits(TimeSpan.TicksPerDay);
        _daysTold = (int)reader.ReadUpTo(RegimeDays);
        _version = AgentVersion.Load(ref reader);
        _open = OpenSessions<RunPosition>.Load(ref reader);
    }

    /// <summary>Whether a call can be followed by one that belongs to the same run.</summary>
    private static bool MayGoOn(int kind, in RunPosition position) => kind == Repetition.Spread ? Repetition.IsConsequential(position.Class) : position.Input != 0;

    /// <summary>Whether a call follows the one before it in its session as the next of a run.</summary>
    private bool GoesOn(int kind, ToolCall call, uint input, in RunPosition position)
    {
        var gap = call.Time.UtcTicks - position.LastTicks;
        return kind switch
        {
            Repetition.Repeats => input != 0 && input == position.Input,
            Repetition.RapidRepeats => input != 0 && input == position.Input && gap >= 0 && gap <= Repetition.Rapid,
            _ => gap >= 0 && gap <= Repetition.MachineSpeed && input != position.Input && !call.Resources.IsEmpty
                && Lineage.IsConsequential(call.Action) && detector.ToolOf(call) == position.Tool,
        };
    }

    /// <summary>
    /// By how many decades the next step of a run makes it more surprising, and whether it is a spread's first on a resource that the agent had not changed lately: that
    /// counts once, for the resources of a batch are of one sort.
    /// </summary>
    private (double Decades, bool BringsNew) Step(int kind, ToolCall call, in RunPosition position)
    {
        ref readonly var run = ref position.Runs[kind];
        if (run.Length >= MostTelling)
        {
            return (0, false);
        }

        ref readonly var rates = ref _rates[Repetition.PlaceOf(kind, position.Class)];
        var decades = run.Length > 0
            ? detector.GoOn(rates, _again, kind, position.Class, position.Tool, run.Length - 1)
            : detector.Begin(rates, kind, position.Class, position.Tool);
        return kind == Repetition.Spread && !run.HasNew && _changed.BringsNew(call, detector.Names) ? (decades + _changed.Surprise(run.Length + 1), true) : (decades, false);
    }

    /// <summary>How often in a day a run may begin after a call of this class: few calls fail.</summary>
    private double TrialsPerDay(int callClass)
    {
        var calls = (Repetition.IsConsequential(callClass) ? _actions : _reads).CallsPerDay;
        return (callClass & Repetition.Failed) == 0 ? calls : Math.Min(calls, _failures.CallsPerDay);
    }

    /// <summary>The longest run that this agent is expected to have once a day.</summary>
    private int UsualLength(int kind, in RunPosition position, double callsPerDay)
    {
        var (begunAfter, length) = (position.Runs[kind].BeganAfter, 0);
        ref readonly var rates = ref _rates[Repetition.PlaceOf(kind, begunAfter)];
        for (var decades = detector.Begin(rates, kind, begunAfter, position.Tool);
            decades <= Math.Log10(callsPerDay) && length < position.Runs[kind].Length;
            decades += detector.GoOn(rates, _again, kind, begunAfter, position.Tool, length - 1))
        {
            length++;
        }

        return length;
    }

    private void Extend(int kind, ToolCall call, ref RunPosition.Run run, in RunPosition position, LearningGate gate)
    {
        var (step, bringsNew) = Step(kind, call, position);
        if (run.Length == 0)
        {
            run = new RunPosition.Run { BeganAfter = position.Class };
        }
        else if (run.Length < MostTelling)
        {
            run.AfterFailures += (ushort)(position.Class & Repetition.Failed);
        }

        run.Decades += (float)(run.Length < RunPosition.Run.MostLength ? step : 0);
        run.Length = (ushort)Math.Min(run.Length + 1, RunPosition.Run.MostLength);
        run.IsSuspicious |= gate == LearningGate.Suspicious;
        run.HasNew |= bringsNew;
    }

    /// <summary>A run is over: it teaches what it was, unless it raised an alarm.</summary>
    private void End(int kind, ref RunPosition.Run run, in RunPosition position, bool hasEnded, LearningGate gate)
    {
        var isLearned = gate != LearningGate.Frozen && (run.IsSuspicious || gate == LearningGate.Suspicious ? IsRegime(DayOf(position.LastTicks)) : true);
        if (isLearned)
        {
            CountCall(kind, run.BeganAfter, position.Tool, begins: true);
            var hasFailed = (position.Class & Repetition.Failed) != 0;
            CountSteps(kind, position.Class | Repetition.Failed, position.Tool, run.AfterFailures, hasEnded && hasFailed ? 1 : 0);
            CountSteps(kind, position.Class & ~Repetition.Failed, position.Tool, Math.Min((int)run.Length, MostTelling) - 1 - run.AfterFailures, hasEnded && !hasFailed ? 1 : 0);
        }

        run = default;
    }

    private void CountCall(int kind, int callClass, uint tool, bool begins)
    {
        ref var own = ref _rates[Repetition.PlaceOf(kind, callClass)];
        detector.TellPeersOfCall(own, kind, callClass, tool, begins);
        own.CountCall(Keep, begins);
    }

    private void CountSteps(int kind, int callClass, uint tool, int goneOn, int ended)
    {
        if (goneOn + ended > 0)
        {
            _rates[Repetition.PlaceOf(kind, callClass)].CountSteps(Keep, goneOn, ended);
            detector.TellPeersOfSteps(kind, callClass, tool, goneOn, ended);
        }
    }

    /// <summary>Notes that a run was suspicious on a day, and says whether that has become a regime.</summary>
    private bool IsRegime(int day)
    {
        if (day - _latestTold > RegimeGap)
        {
            (_firstTold, _daysTold) = (day, 0);
        }

        _daysTold = Math.Min(_daysTold + (day > _latestTold ? 1 : 0), RegimeDays);
        _latestTold = Math.Max(_latestTold, day);
        return _daysTold == RegimeDays && day - _firstTold >= RegimeDays;
    }

    private void CountDay(ToolCall call, LearningGate gate)
    {
        var day = DayOf(call.Time.UtcTicks);
        if (day > _day)
        {
            _reads.EndDay(gate);
            _actions.EndDay(gate);
            _failures.EndDay(gate);
            _day = day;
        }

        if (gate != LearningGate.Suspicious)
        {
            (Lineage.IsConsequential(call.Action) ? ref _actions : ref _reads).Today++;
            _failures.Today += call.HasFailed ? 1 : 0;
        }
    }

    private static int DayOf(long ticks) => (int)(ticks / TimeSpan.TicksPerDay);

    private uint IdOf(ToolCall call) => call.SessionId is null ? 0 : detector.SessionOf(call);

    private int Find(ToolCall call) => _open.Find(IdOf(call), call.Time.UtcTicks);

    /// <summary>The call's session. The runs of one that gives way teach what they were.</summary>
    private ref RunPosition PositionOf(ToolCall call, LearningGate gate)
    {
        var at = Find(call);
        if (at < 0)
        {
            at = _open.Claim(call.Time.UtcTicks);
            for (var kind = 0; kind < Repetition.Kinds; kind++)
            {
                ref var run = ref _open[at].Runs[kind];
                if (run.Length > 0)
                {
                    End(kind, ref run, _open[at], hasEnded: false, gate == LearningGate.Frozen ? gate : LearningGate.Open);
                }
            }

            _open[at] = new RunPosition { Id = IdOf(call) };
        }

        return ref _open[at];
    }

    /// <summary>Calls of one sort that the agent makes in a day on which it works.</summary>
    private struct DayRate
    {
        private const double Weight = 0.2;

        public int Today;
        private float _perDay;

        /// <summary>Today's count when it is already larger: a busy day must not make what happens in it look rare.</summary>
        public readonly double CallsPerDay => Math.Max(_perDay, Today + 1);

        public void EndDay(LearningGate gate)
        {
            _perDay += gate == LearningGate.Frozen ? 0 : (float)((_perDay == 0 ? 1 : Weight) * (Today - _perDay));
            Today = 0;
        }

        public readonly void Save(MemoryWriter writer)
        {
            writer.WriteVariable((ulong)Today);
            writer.WriteSingle(_perDay);
        }

        public static DayRate Load(ref MemoryReader reader)
        {
            var rate = new DayRate { Today = (int)reader.ReadUpTo(MostCalls), _perDay = reader.ReadSingle() };
            return rate._perDay is >= 0 and <= MostCalls ? rate : throw reader.Damaged("a rate that cannot be");
        }
    }

    [InlineArray(Repetition.Kinds * Repetition.Classes)]
    private struct RatesByPlace
    {
        private RunRates _first;
    }
}
