"""Phrases with capitals that belong to no person, and invented full names, for the rule that finds names in stories."""

from typing import Final

HARMLESS: Final = """
Kent Police|Family Liaison Officer|Boxing Day|Crown Court|Crown Prosecution Service|Probation Service|Victim Liaison Officer|Maidstone Crown Court|Magistrates’ Court|Youth Offending Team
Victims’ Code|British Sign Language|Good Friday|Bank Holiday Monday|Easter Sunday|Christmas Eve|New Year’s Eve|Mothering Sunday|Remembrance Sunday|Bonfire Night
Detective Chief Inspector|Detective Sergeant|Police Constable|Chief Constable|Police Community Support Officer|Assistant Chief Constable|Special Constable|Police and Crime Commissioner|Victim Support|Citizens Advice
Canterbury Christ Church University|University of Kent|Medway Maritime Hospital|William Harvey Hospital|Canterbury Cathedral|Dover Castle|Leeds Castle|High Street|Canterbury Road|Station Road
Tunbridge Wells|Isle of Sheppey|Kent County Council|Medway Council|Home Office|Ministry of Justice|National Probation Service|Parole Board|Court of Appeal|Supreme Court
High Court|Family Court|County Court|Coroner’s Court|Youth Court|Court Usher|Prison Officer|Prison Governor|Senior Probation Officer|Community Payback
Unpaid Work|Suspended Sentence Order|Community Order|Youth Rehabilitation Order|Restraining Order|Conditional Caution|Victim Personal Statement|Pre-Sentence Report|Guilty Plea|Life Sentence
Young Offender Institution|HMP Elmley|HMP Maidstone|HMP East Sutton Park|HMYOI Rochester|Category B|Wing B|Open Prison|Bail Hostel|Approved Premises
Restorative Justice|Restorative Justice Council|Restorative Solutions|Restorative Practice|Why Me|Calm Mediation|Samaritans Helpline|Rape Crisis|Women’s Aid|Age UK
Red Cross|Salvation Army|Royal British Legion|Alcoholics Anonymous|Narcotics Anonymous|Turning Point|Crimestoppers Trust|Neighbourhood Watch|Mental Health Team|Social Worker
Social Services|Children’s Services|Adult Social Care|Local Authority|Borough Council|Parish Council|Town Hall|Village Hall|Job Centre|Food Bank
Primary School|Secondary School|Sixth Form College|Head Teacher|Deputy Head|Teaching Assistant|School Nurse|Foster Carer|Foster Mother|Step Dad
Polish Community Centre|Nepalese Community|Roma Community|Gypsy Roma Traveller|Punjabi Interpreter|Romanian Consulate|Church of England|Roman Catholic|Sikh Temple|Muslim Council
Friday Prayers|Eid al-Fitr|Chinese New Year|Black History Month|Hate Crime|Hate Crime Awareness Week|Domestic Abuse|Domestic Violence|Serious Crime|Criminal Damage
Anti-Social Behaviour|Public Order|Common Assault|Actual Bodily Harm|Grievous Bodily Harm|Data Protection Act|Equality Act|Human Rights Act|Criminal Justice System|Domestic Homicide Review
Facebook Messenger|Google Maps|Microsoft Teams|Zoom Meeting|Premier League|Sunday League|World Cup|Olympic Games|Channel Tunnel|River Medway
North Downs|Thames Estuary|South East|East Kent|West Yorkshire Police|Metropolitan Police|British Transport Police|Essex Police|Northern Ireland|Great Britain
United Kingdom|European Union|New York|Saudi Arabia|South Africa|Sri Lanka|Fire and Rescue Service|Kent Fire Brigade|South East Coast Ambulance|Air Ambulance
Emergency Department|Accident and Emergency|General Practitioner|Community Nurse|Support Worker|Drug Worker|Housing Officer|Housing Association|Citizens Panel|Youth Worker
Youth Club|Boxing Club|Cricket Club|Rugby Club|Premier Inn|Holiday Inn|Burger Bar|Fish Bar|Corner Shop|Post Office
"""
"""200 phrases of the field, parted by “|” and by line ends."""

FULL_NAMES: Final = """
Sarah Jones|Will Young|Mark Hill|Grace Green|Hope Baker|Kent Whittaker|Daisy King|Rose Church|May Day-Lewis|Victoria Street
Mohammed Khan|Fatima Begum|Amir Hussain|Yusuf Ali|Zainab Ahmed|Priya Patel|Arjun Singh|Harpreet Kaur|Rajesh Kumar|Anjali Sharma
Piotr Kowalski|Agnieszka Nowak|Łukasz Wałęsa|Ioana Popescu|Andrei Ionescu|Ivan Petrov|Olena Shevchenko|Jonas Kazlauskas|Ilze Ozola|Zsófia Nagy
Siobhán O’Neill|Pádraig Byrne|Niamh Kelly|Rhys Evans|Angharad Davies|Fraser McDonald|Hamish MacLeod|Zoë Fitzgerald|Chloé Dubois|Jean-Luc Moreau
Maria da Silva|João dos Santos|José García|Carmen Ruiz|Giulia Rossi|Marco Di Pietro|Jan de Vries|Ludwig van Beek|Greta von Stein|Anders Jørgensen
Mohammed al-Rashid|Osama bin Yusuf|Leila Haddad|Ngozi Okafor|Oluwaseun Adeyemi|Chidi Eze|Kwame Mensah|Abena Owusu|Thabo Nkosi|Tendai Moyo
Blessing King|Precious Baker|Patience Price|Comfort Stone|Gift Banda|Sunny Bains|Storm Fisher|River Marsh|Sky Turner|Crystal Wells
Mehmet Yılmaz|Ayşe Demir|Dilan Kaya|Reza Karimi|Nasrin Ahmadi|Nguyen Van An|Linh Tran|Wei Zhang|Mei Ling Chen|Min-jun Park
Pemba Sherpa|Bishnu Gurung|Tenzin Dorje|Rukhsana Bibi|Shabana Mirza|Delroy Campbell|Shanice Thompson|Tyrone Francis|Leanne Constable|Craig Bishop
J. Smith|K Baker|A. J. Turner|Mary-Ann K. Smith|SARAH JONES|Jordan Hill|Chelsea Court|Preston Wells|Summer Holiday-Brown|Tom Driver
"""
"""100 invented names, many of them words, places or roles too."""
