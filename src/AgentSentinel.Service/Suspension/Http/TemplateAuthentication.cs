namespace AgentSentinel.Service.Suspension.Http;

/// <summary>How a template's requests are authenticated.</summary>
internal enum TemplateAuthentication
{
    /// <summary>OAuth 2.0 client credentials (RFC 6749, section 4.4).</summary>
    OAuth2,

    /// <summary>OAuth 2.0 with a signed assertion as the grant (RFC 7523, section 2.1).</summary>
    JwtBearer,

    /// <summary>A signed token of our own as the bearer token.</summary>
    AppJwt,

    /// <summary>A token from a file in a header.</summary>
    Header,
}
