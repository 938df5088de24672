using System.Runtime.CompilerServices;
using AgentSentinel.Core.State;

namespace AgentSentinel.Core.Detectors;

/// <summary>The latest call of a session and the runs that it belongs to. Position, not knowledge. 64 bytes: names are told
/// apart by 32 bits of their fingerprints.</summary>
internal struct RunPosition : IOpenSession<RunPosition>
{
    public long LastTicks;
    public uint Id;
    public uint Tool;

    /// <summary>Tool and input; 0 when nothing was told of the input.</summary>
    public uint Input;

    /// <summary>See <see cref="Repetition.ClassOf"/>.</summary>
    public byte Class;

    public RunsOfKinds Runs;

    public static long IdleAfter => OpenSessions<RunPosition>.LongestSilence / 30;

    readonly ulong IOpenSession<RunPosition>.Id => Id;

    readonly long IOpenSession<RunPosition>.LastTicks => LastTicks;

    public readonly void Save(MemoryWriter writer)
    {
        writer.WriteVariable((ulong)LastTicks);
        writer.WriteUInt32(Id);
        writer.WriteUInt32(Tool);
        writer.WriteUInt32(Input);
        writer.WriteByte(Class);
        foreach (ref readonly var run in (ReadOnlySpan<Run>)Runs)
        {
            run.Save(writer);
        }
    }

    public static RunPosition Load(ref MemoryReader reader)
    {
        var position = new RunPosition
        {
            LastTicks = reader.ReadUpTo(DateTimeOffset.MaxValue.UtcTicks),
            Id = reader.ReadUInt32(),
            Tool = reader.ReadUInt32(),
            Input = reader.ReadUInt32(),
            Class = Repetition.ReadClass(ref reader),
        };
        foreach (ref var run in (Span<Run>)position.Runs)
        {
            run = Run.Load(ref reader);
        }

        return position;
    }

    /// <summary>A run that is going on; of length 0 when there is none.</summary>
    public struct Run
    {
        public const int MostLength = 60_000;
        private const float MostDecades = 400_000;

        /// <summary>Calls of it, after the first.</summary>
        public ushort Length;

        /// <summary>How many of its calls, but for the first two, followed a failed one.</summary>
        public ushort AfterFailures;

        /// <summary>Class of the call before it began.</summary>
        public byte BeganAfter;

        /// <summary>It, or the session, raised an alarm.</summary>
        public bool IsSuspicious;

        /// <summary>A call of it, after the first, used a resource that the agent had not changed lately.</summary>
        public bool HasNew;

        /// <summary>−log10 of its probability.</summary>
        public float Decades;

        public readonly void Save(MemoryWriter writer)
        {
            writer.WriteVariable(Length);
            if (Length > 0)
            {
                writer.WriteVariable(AfterFailures);
                writer.WriteByte(BeganAfter);
                writer.WriteBoolean(IsSuspicious);
                writer.WriteBoolean(HasNew);
                writer.WriteSingle(Decades);
            }
        }

        public static Run Load(ref MemoryReader reader)
        {
            var length = (ushort)reader.ReadUpTo(MostLength);
            var run = length == 0 ? default : new Run
            {
                Length = length,
                AfterFailures = (ushort)reader.ReadUpTo(length - 1),
                BeganAfter = Repetition.ReadClass(ref reader),
                IsSuspicious = reader.ReadBoolean(),
                HasNew = reader.ReadBoolean(),
                Decades = reader.ReadSingle(),
            };
            return run.Decades is >= 0 and <= MostDecades ? run : throw reader.Damaged("a probability that cannot be");
        }
    }

    [InlineArray(Repetition.Kinds)]
    public struct RunsOfKinds
    {
        private Run _first;
    }
}
