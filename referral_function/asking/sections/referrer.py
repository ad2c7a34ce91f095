"""Section 2: about the professional who refers."""

from referral_function.asking.answer_types import Choice, OneOf, ShortText, TextFormat
from referral_function.asking.questions import PROFESSIONAL, Question, Section, Sensitivity

SECTION = Section(
    title="About you",
    questions=(
        Question(
            name="referrer_name",
            label="Your name",
            answer=ShortText(limit=100, autocomplete="name"),
            routes=PROFESSIONAL,
            missing="Enter your name",
            purpose="So that we can talk with you about this referral.",
            sensitivity=Sensitivity.IDENTIFIES,
        ),
        Question(
            name="referrer_role",
            label="Your role",
            answer=ShortText(autocomplete="organization-title"),
            routes=PROFESSIONAL,
            missing="Enter your role",
            purpose="So that we know in what way you work with the person.",
        ),
        Question(
            name="organisation",
            label="Your organisation",
            answer=ShortText(autocomplete="organization"),
            routes=PROFESSIONAL,
            missing="Enter the name of your organisation",
            purpose="So that we know who refers, and whom to tell about the outcome.",
        ),
        Question(
            name="organisation_type",
            label="What kind of organisation is it?",
            answer=OneOf(
                choices=(
                    Choice(code="police", label="Police"),
                    Choice(code="prison", label="Prison"),
                    Choice(code="probation", label="Probation"),
                    Choice(code="victim_service", label="Victim service"),
                    Choice(code="youth_justice", label="Youth justice"),
                    Choice(code="council", label="Council"),
                    Choice(code="health", label="Health"),
                    Choice(code="housing", label="Housing"),
                    Choice(code="education", label="Education"),
                    Choice(code="voluntary", label="Voluntary or community organisation"),
                    Choice(code="other", label="Another kind"),
                )
            ),
            routes=PROFESSIONAL,
            missing="Choose what kind of organisation it is",
            purpose="So that the service can see who refers, and who does not know of us yet.",
        ),
        Question(
            name="referrer_email",
            label="Your work email address",
            answer=ShortText(text_format=TextFormat.EMAIL, autocomplete="email"),
            routes=PROFESSIONAL,
            missing="Enter your work email address",
            purpose="So that we can reach you.",
            sensitivity=Sensitivity.CONTACT,
        ),
        Question(
            name="referrer_phone",
            label="Your work phone number",
            answer=ShortText(text_format=TextFormat.PHONE, autocomplete="tel"),
            routes=PROFESSIONAL,
            missing="Enter your work phone number",
            purpose="So that we can reach you.",
            sensitivity=Sensitivity.CONTACT,
        ),
        Question(
            name="referrer_reference",
            label="Your own case number",
            hint="The number your organisation uses for this case.",
            answer=ShortText(),
            routes=PROFESSIONAL,
            purpose="So that you and we talk about the same case.",
        ),
    ),
)
