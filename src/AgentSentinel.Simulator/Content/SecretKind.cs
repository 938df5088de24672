namespace AgentSentinel.Simulator.Content;

/// <summary>Secrets that leak into telemetry. All are made up, and say so where the format leaves room.</summary>
public enum SecretKind
{
    /// <summary>Access key id and secret key of a cloud account.</summary>
    CloudAccessKey,

    /// <summary>Personal token of a code forge.</summary>
    ForgeToken,

    /// <summary>Bot token of a chat system.</summary>
    ChatToken,

    /// <summary>Live key of a payment provider.</summary>
    PaymentKey,

    /// <summary>Signed web token.</summary>
    WebToken,

    /// <summary>Private key in PEM form.</summary>
    PrivateKey,

    /// <summary>Connection string with a password.</summary>
    ConnectionPassword,
}
