using AgentSentinel.Core.State;

namespace AgentSentinel.MachineLearning.Series;

/// <summary>What is needed to make an engine: rule, and a fitted model where there is one. Immutable; every engine made from it has a state of its own.</summary>
public sealed class EnginePlan
{
    private readonly DensityRule? _rule;
    private readonly SsaModel? _model;
    private readonly ErrorFunction _error;
    private readonly SpectralResidualRule? _spectral;

    private EnginePlan(EngineKind kind, DensityRule? rule = null, SsaModel? model = null, ErrorFunction error = default, SpectralResidualRule? spectral = null)
    {
        Kind = kind;
        _rule = rule;
        _model = model;
        _error = error;
        _spectral = spectral;
    }

    /// <summary>Which engine.</summary>
    public EngineKind Kind { get; }

    /// <summary>Engines for independent values.</summary>
    public static EnginePlan Iid(DensityRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(rule.FindsChanges ? EngineKind.IidChangePoint : EngineKind.IidSpike, rule);
    }

    /// <summary>Engines that share a model of trend and seasons.</summary>
    public static EnginePlan Ssa(DensityRule rule, SsaModel model, ErrorFunction error = ErrorFunction.SignedDifference)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(model);
        return Enum.IsDefined(error)
            ? new(rule.FindsChanges ? EngineKind.SsaChangePoint : EngineKind.SsaSpike, rule, model, error)
            : throw new ArgumentException($"{error} is not an error function.", nameof(error));
    }

    /// <summary>Engines for salient values.</summary>
    public static EnginePlan SpectralResidual(SpectralResidualRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(EngineKind.SpectralResidual, spectral: rule);
    }

    /// <summary>An engine that has seen no value but those its model was trained on.</summary>
    public SeriesEngine CreateEngine() =>
        _spectral is not null ? new SpectralResidualEngine(_spectral)
        : _model is not null ? new SsaEngine(_rule!, _model, _error)
        : new IidEngine(_rule!);

    /// <summary>Saves the plan, model included.</summary>
    public void Save(MemoryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteByte((byte)Kind);
        if (_spectral is not null)
        {
            foreach (var size in (int[])[_spectral.WindowSize, _spectral.BackAddWindowSize, _spectral.LookaheadWindowSize, _spectral.AveragingWindowSize, _spectral.JudgementWindowSize])
            {
                writer.WriteVariable((ulong)size);
            }

            writer.WriteDouble(_spectral.Threshold);
            return;
        }

        writer.WriteDouble(_rule!.Confidence);
        writer.WriteVariable((ulong)_rule.HistoryLength);
        writer.WriteByte((byte)_rule.Side);
        writer.WriteByte((byte)_rule.Martingale);
        writer.WriteDouble(_rule.Eps);
        writer.WriteByte((byte)_error);
        _model?.Save(writer);
    }

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="MemoryFormatException">It is damaged.</exception>
    public static EnginePlan Load(ref MemoryReader reader)
    {
        var kind = (EngineKind)reader.ReadByte();
        try
        {
            if (kind == EngineKind.SpectralResidual)
            {
                return SpectralResidual(new SpectralResidualRule(
                    reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble()));
            }

            var (confidence, history, side, martingale, eps, error) =
                (reader.ReadDouble(), reader.ReadInt32(), (AnomalySide)reader.ReadByte(), (MartingaleType)reader.ReadByte(), reader.ReadDouble(), (ErrorFunction)reader.ReadByte());
            var rule = kind is EngineKind.IidChangePoint or EngineKind.SsaChangePoint
                ? DensityRule.ChangePoint(confidence, history, martingale, eps)
                : DensityRule.Spike(confidence, history, side);
            return kind switch
            {
                EngineKind.IidSpike or EngineKind.IidChangePoint => Iid(rule),
                EngineKind.SsaSpike or EngineKind.SsaChangePoint => Ssa(rule, SsaModel.Load(ref reader), error),
                _ => throw reader.Damaged("an engine of an unknown kind"),
            };
        }
        catch (ArgumentException refused)
        {
            throw reader.Damaged($"a plan that cannot be: {refused.Message}");
        }
    }
}
